package hubspot_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestAssociateDefaultAccountsForEveryPair(t *testing.T) {
	t.Parallel()
	for _, terse := range []bool{false, true} {
		bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
			b := setup(t, hubspottest.Options{AssociationErrorsTerse: terse}, version)
			ann, acme, globex := b.kinship()
			bob := b.portal.PutContact(map[string]string{"email": "bob@example.org"}).ID
			b.portal.ArchiveContact(bob)
			pairs := []hubspot.Pair{{From: bob, To: globex}, {From: ann, To: acme}, {From: "77", To: globex}, {From: ann, To: "78"}, {From: ann, To: globex}}
			for range 2 { // the second time all is there already
				res, err := b.client.AssociateDefault(t.Context(), hubspot.Contacts, hubspot.Companies, pairs)
				if err != nil || len(res) != len(pairs) {
					t.Fatalf("%+v, error %v", res, err)
				}
				for i, fine := range []bool{false, true, false, false, true} {
					if (res[i].Err == nil) != fine {
						t.Errorf("pair %d: %+v", i, res[i].Err)
					}
					if e := res[i].Err; !fine && (e.Code != hubspot.CodeInvalidObjects || !hubspot.IsValidation(e) || e.Outcome != hubspot.Known) {
						t.Errorf("pair %d: %+v", i, e)
					}
				}
			}
			b.wantLinks(t, fmt.Sprintf("%s>%s:279 %s>%s:1 %s>%s:279", ann, acme, ann, acme, ann, globex))
		})
	}
}

func TestAssociateLabelledReplaces(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		ann, acme, globex := b.kinship()
		board := b.portal.DefineLabel("contacts", "companies", "Board member", "")
		b.portal.PutAssociation("contacts", ann, "companies", acme, "Board member")
		pair := func(to string, types ...hubspot.AssociationType) hubspot.LabelledPair {
			return hubspot.LabelledPair{Pair: hubspot.Pair{From: ann, To: to}, Types: types}
		}
		own := hubspot.AssociationType{Category: hubspot.UserDefined, TypeID: board}
		res, err := b.client.AssociateLabelled(t.Context(), hubspot.Contacts, hubspot.Companies, []hubspot.LabelledPair{
			pair("77", own), pair(globex, hubspot.AssociationType{Category: hubspot.UserDefined, TypeID: 99}), pair(acme, hubspot.Defined(hubspot.TypeContactToPrimaryCompany), own),
		})
		if err != nil || res[2].Err != nil {
			t.Fatalf("%+v, error %v", res, err)
		}
		if res[0].Err.Code != hubspot.CodeInvalidObjects {
			t.Errorf("unknown company: %+v", res[0].Err)
		}
		// HubSpot does not say whose the unknown type is
		if e := res[1].Err; e.Code != hubspot.CodeUnmentioned || !e.HasCode("INVALID_ASSOCIATION_TYPE_ID") || e.Outcome != hubspot.Unknown {
			t.Errorf("unknown type: %+v", e)
		}
		b.wantLinks(t, fmt.Sprintf("%s>%s:279 %s>%s:1 %s>%s:%d", ann, acme, ann, acme, ann, acme, board))
		res, err = b.client.AssociateLabelled(t.Context(), hubspot.Contacts, hubspot.Companies, []hubspot.LabelledPair{pair(acme, own)})
		if err != nil || res[0].Err != nil {
			t.Fatalf("%+v, error %v", res, err)
		}
		b.wantLinks(t, fmt.Sprintf("%s>%s:279 %s>%s:%d", ann, acme, ann, acme, board))
	})
}

func TestAssociationBatchRefused(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{AssociationErrorsReject: true}, version)
		ann, acme, _ := b.kinship()
		res, err := b.client.AssociateDefault(t.Context(), hubspot.Contacts, hubspot.Companies, []hubspot.Pair{{From: ann, To: acme}, {From: ann, To: "77"}})
		e := wantError(t, err)
		if e.Code != hubspot.CodeInvalidObjects || !slices.Equal(e.Inputs, []int{1}) || e.Outcome != hubspot.Known || e.Status != 400 {
			t.Errorf("%+v", e)
		}
		if res[0].Err != e || res[1].Err != e {
			t.Errorf("%+v", res)
		}
		b.wantLinks(t, "")
		b.portal.AddToken("narrow", "crm.objects.contacts.write")
		narrow := against(t, b.sim.ServeHTTP, version, func(c *hubspot.Config) { c.Token = func() string { return "narrow" } })
		_, err = narrow.AssociateDefault(t.Context(), hubspot.Contacts, hubspot.Companies, []hubspot.Pair{{From: ann, To: acme}})
		if e := wantError(t, err); !hubspot.IsMissingScopes(e) || !slices.Contains(e.Scopes, "crm.objects.companies.write") {
			t.Errorf("%+v", e)
		}
	})
}

func TestAssociationsAreRepeatedAfterALostReply(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, acme, globex := b.kinship()
	pairs := []hubspot.Pair{{From: ann, To: acme}, {From: ann, To: globex}}
	b.sim.Inject(hubspottest.Fault{PathContains: "/associate/default", Times: 1, LoseReply: true})
	res, err := b.client.AssociateDefault(t.Context(), hubspot.Contacts, hubspot.Companies, pairs)
	if err != nil || res[0].Err != nil || res[1].Err != nil || b.calls("/associate/default") != 2 {
		t.Fatalf("%+v, error %v, %d calls", res, err, b.calls("/associate/default"))
	}
	for _, f := range []hubspottest.Fault{{EmptyOK: true}, {Short: true}} {
		f.PathContains, f.Times = "/associate/default", 1
		b.sim.Inject(f)
		res, err = b.client.AssociateDefault(t.Context(), hubspot.Contacts, hubspot.Companies, pairs)
		if err != nil || res[0].Err == nil || res[0].Err.Code != hubspot.CodeUnmentioned || !hubspot.OutcomeUnknown(res[0].Err) {
			t.Errorf("%+v: %+v, error %v", f, res, err)
		}
		if f.Short != (res[1].Err == nil) {
			t.Errorf("%+v: %+v", f, res[1].Err)
		}
	}
}

// HubSpot answers a merged id with the survivor's: the pair is left open, not lost.
func TestAssociateByAMergedID(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, acme, _ := b.kinship()
	survivor := b.portal.MergeContacts(b.portal.PutContact(map[string]string{"email": "bob@example.org"}).ID, ann)
	res, err := b.client.AssociateDefault(t.Context(), hubspot.Contacts, hubspot.Companies, []hubspot.Pair{{From: ann, To: acme}})
	if err != nil || res[0].Err == nil || res[0].Err.Code != hubspot.CodeUnmentioned || !hubspot.OutcomeUnknown(res[0].Err) {
		t.Fatalf("%+v, error %v", res, err)
	}
	b.wantLinks(t, fmt.Sprintf("%s>%s:279 %s>%s:1", survivor, acme, survivor, acme))
	read, err := b.client.Associations(t.Context(), hubspot.Contacts, hubspot.Companies, []string{ann, survivor})
	if err != nil || !slices.Equal(read.Unmentioned, []string{ann}) || len(read.Found[survivor]) != 1 {
		t.Fatalf("%+v, error %v", read, err)
	}
}
