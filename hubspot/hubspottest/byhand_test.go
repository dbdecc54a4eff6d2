package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestRecordsByHand(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	_, acme, globex := b.kinship()
	b.portal.EditRecord("companies", acme, map[string]string{"city": "Bern"})
	b.portal.ArchiveRecord("0-2", acme)
	if rec, ok := b.portal.Record("companies", acme); !ok || !rec.Archived || rec.Properties["city"] != "Bern" {
		t.Fatalf("%+v", rec)
	}
	if rec := b.portal.RestoreRecord("companies", acme); rec.Archived || b.portal.Count("companies") != 2 {
		t.Fatalf("%+v", rec)
	}
	if id := b.portal.MergeRecords("companies", acme, globex); id == acme || b.portal.Count("companies") != 1 {
		t.Fatal(id)
	}
	if _, ok := b.portal.Record("companies", "77"); ok {
		t.Fatal("found what never was")
	}
}

func TestByHandStopsAtNonsense(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, acme, globex := b.kinship()
	note := b.portal.PutRecord("notes", map[string]string{"hs_timestamp": "2026-11-01T10:00:00Z"}).ID
	b.portal.ArchiveContact(ann)
	b.portal.PutContact(map[string]string{"email": "ann@example.org"})
	for name, f := range map[string]func(){
		"no such type":       func() { b.portal.PutRecord("deals", nil) },
		"nothing required":   func() { b.portal.PutRecord("companies", map[string]string{"city": "Bern"}) },
		"restore a live one": func() { b.portal.RestoreRecord("companies", acme) },
		"address is taken":   func() { b.portal.RestoreRecord("contacts", ann) },
		"merge with itself":  func() { b.portal.MergeRecords("companies", acme, acme) },
		"archived end":       func() { b.portal.PutAssociation("contacts", ann, "companies", acme) },
		"no such label":      func() { b.portal.PutAssociation("companies", globex, "companies", acme, "Rival") },
		"no such pair":       func() { b.portal.PutAssociation("notes", note, "notes", note) },
		"label of no pair":   func() { b.portal.DefineLabel("notes", "notes", "Twin", "") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestStateReportsAssociations(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, acme, _ := b.kinship()
	b.portal.PutAssociation("contacts", ann, "companies", acme)
	a := b.call("GET", "/_sim/state?portal=4711", nil).want(200).wantText("Acme", "companies", 0, "properties", "name")
	if a.count("associations") != 4 || a.count("notes") != 0 || a.at("notes") == nil {
		t.Fatalf("%s", a.raw)
	}
	a.wantText("contacts", "associations", 0, "fromType").wantText(ann, "associations", 0, "fromId").wantText("companies", "associations", 0, "toType")
	a.wantText(acme, "associations", 0, "toId").wantText("HUBSPOT_DEFINED", "associations", 0, "category").wantText("Primary", "associations", 1, "label")
	if a.at("associations", 0, "typeId") != 279.0 || a.text("associations", 0, "label") != "" {
		t.Fatalf("%s", a.raw)
	}
}
