package hubspottest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// kinship is a contact and two companies.
func (b *bench) kinship() (ann, acme, globex string) {
	b.t.Helper()
	return b.portal.PutContact(map[string]string{"email": "ann@example.org"}).ID,
		b.portal.PutRecord("companies", map[string]string{"name": "Acme"}).ID,
		b.portal.PutRecord("companies", map[string]string{"name": "Globex"}).ID
}

func pairOf(from, to string, types ...input) input {
	in := input{"from": input{"id": from}, "to": input{"id": to}}
	if len(types) > 0 {
		in["types"] = types
	}
	return in
}

func typed(category string, id int) input {
	return input{"associationCategory": category, "associationTypeId": id}
}

func defined(id int) input { return typed("HUBSPOT_DEFINED", id) }

// typesOf prints the associations between two object types as from>to:type.
func (b *bench) typesOf(from, to string) string {
	var out []string
	for _, a := range b.portal.Associations(from, to) {
		out = append(out, fmt.Sprintf("%s>%s:%d", a.FromID, a.ToID, a.TypeID))
	}
	return strings.Join(out, " ")
}

func (b *bench) wantTypes(from, to, want string) {
	b.t.Helper()
	if got := b.typesOf(from, to); got != want {
		b.t.Fatalf("%s to %s: %q, want %q", from, to, got, want)
	}
}

func TestAssociationsHaveTwoDirections(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, acme, globex := b.kinship()
	for range 2 { // associating twice is the same as once
		b.portal.PutAssociation("contacts", ann, "companies", acme)
		b.portal.PutAssociation("companies", globex, "contacts", ann)
	}
	b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279 %s>%s:1 %s>%s:279", ann, acme, ann, acme, ann, globex))
	b.wantTypes("companies", "contacts", fmt.Sprintf("%s>%s:280 %s>%s:2 %s>%s:280", acme, ann, acme, ann, globex, ann))
	b.portal.PutAssociation("contacts", ann, "companies", globex, "Primary")
	b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279 %s>%s:279 %s>%s:1", ann, acme, ann, globex, ann, globex))
	b.portal.RemoveAssociation("contacts", ann, "companies", globex, "Primary")
	b.wantTypes("companies", "contacts", fmt.Sprintf("%s>%s:280 %s>%s:280", acme, ann, globex, ann))
	b.portal.RemoveAssociation("companies", acme, "contacts", ann)
	b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279", ann, globex))
}

func TestPrimaryCompanyFromTheOtherSide(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, acme, globex := b.kinship()
	b.portal.PutAssociation("companies", acme, "contacts", ann)
	b.portal.PutAssociation("companies", globex, "contacts", ann, "Contact with Primary Company")
	b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279 %s>%s:279 %s>%s:1", ann, acme, ann, globex, ann, globex))
	b = setup(t, hubspottest.Options{FirstCompanyNotPrimary: true})
	ann, acme, _ = b.kinship()
	b.portal.PutAssociation("contacts", ann, "companies", acme)
	b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279", ann, acme))
}

func TestMergeMovesAssociations(t *testing.T) {
	t.Parallel()
	for _, keeps := range []bool{false, true} {
		b := setup(t, hubspottest.Options{MergeKeepsPrimaryID: keeps})
		ann, acme, globex := b.kinship()
		bob := b.portal.PutContact(map[string]string{"email": "bob@example.org"}).ID
		note := b.portal.PutRecord("notes", map[string]string{"hs_timestamp": "2026-11-01T10:00:00Z"}).ID
		b.portal.PutAssociation("contacts", ann, "companies", acme)
		b.portal.PutAssociation("contacts", bob, "companies", globex)
		b.portal.PutAssociation("notes", note, "contacts", bob)
		b.portal.PutAssociation("contacts", ann, "contacts", bob)
		id := b.portal.MergeContacts(ann, bob)
		b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279 %s>%s:1 %s>%s:279", id, acme, id, acme, id, globex))
		b.wantTypes("notes", "contacts", fmt.Sprintf("%s>%s:202", note, id))
		b.wantTypes("contacts", "contacts", "")
		// the other way round: the contact keeps a primary company when that one is merged away
		company := b.portal.MergeRecords("companies", globex, acme)
		b.wantTypes("companies", "contacts", fmt.Sprintf("%s>%s:280 %s>%s:2", company, id, company, id))
	}
}

func TestArchivedRecordsHideTheirAssociations(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, acme, _ := b.kinship()
	note := b.portal.PutRecord("notes", map[string]string{"hs_timestamp": "1793527200000"}).ID
	b.portal.PutAssociation("contacts", ann, "companies", acme)
	b.portal.PutAssociation("notes", note, "contacts", ann)
	b.portal.PutAssociation("notes", note, "companies", acme)
	all := b.portal.AllAssociations()
	b.portal.ArchiveContact(ann)
	b.wantTypes("contacts", "companies", "")
	b.wantTypes("notes", "contacts", "")
	b.wantTypes("notes", "companies", fmt.Sprintf("%s>%s:190", note, acme))
	b.portal.RestoreRecord("contacts", ann)
	if again := b.portal.AllAssociations(); !slices.Equal(again, all) {
		t.Fatalf("%v, want %v", again, all)
	}
	// an erased contact leaves its notes to the company
	b.call("POST", contacts+"/gdpr-delete", input{"objectId": ann}).want(204)
	b.wantTypes("notes", "contacts", "")
	b.wantTypes("notes", "companies", fmt.Sprintf("%s>%s:190", note, acme))
	if b.portal.Count("notes") != 1 {
		t.Fatal("the note is gone")
	}
}
