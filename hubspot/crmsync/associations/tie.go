package associations

import (
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// tie is one member's associations on their way through a pass.
type tie struct {
	d            outbox.Delivery
	contactID    string
	organization string // "" = the member is in none
	companyID    string // of the organization, "" = it has none

	pairs []pair                // the ledger's, as it shall be
	have  []hubspot.Association // what HubSpot has
	read  bool                  // HubSpot has been asked
	left  []string              // companies that a person's label keeps

	done    bool
	outcome outbox.Outcome
	record  ledger.Record
	ended   verdict.Code // there is nothing to associate, for this reason
}

// labelled reports whether a person has said what a pair is: HubSpot itself
// makes only the unlabelled type and the primary one.
func labelled(a hubspot.Association) bool {
	return slices.ContainsFunc(a.Types, func(t hubspot.AssociationType) bool {
		return t.Category != hubspot.HubSpotDefined || t.TypeID != hubspot.TypeContactToCompany && t.TypeID != hubspot.TypeContactToPrimaryCompany
	})
}

// at returns what HubSpot has of the contact and a company.
func (t *tie) at(companyID string) (hubspot.Association, bool) {
	i := slices.IndexFunc(t.have, func(a hubspot.Association) bool { return a.ToID == companyID })
	if i < 0 {
		return hubspot.Association{}, false
	}
	return t.have[i], true
}

// stale lists the pairs of the ledger that HubSpot does not have under the ids
// that we know.
func (t *tie) stale() []pair {
	return slices.DeleteFunc(slices.Clone(t.pairs), func(p pair) bool {
		_, there := t.at(p.companyID)
		return there && p.contactID == t.contactID
	})
}

// resolve brings the pairs up to the merges that people have made since:
// contact and company tell, of an old record id, the present one, "" = it is
// gone. Whatever is not there is forgotten. It reports false if a merge came
// between the look at the contact and that at the companies: then it must be
// looked at again. It is pure.
func (t *tie) resolve(contact, company func(id string) string) (steady bool) {
	var kept []pair
	steady = true
	for _, p := range t.pairs {
		_, there := t.at(p.companyID)
		if p.contactID != t.contactID {
			if contact(p.contactID) != t.contactID {
				continue // of another contact, which the member has no more
			}
			p.contactID = t.contactID
		}
		if !there {
			before := p.companyID
			p.companyID = company(before)
			switch _, there = t.at(p.companyID); {
			case there:
			case p.companyID == before, p.companyID == "":
				continue // somebody removed it
			default:
				steady = false
			}
		}
		if i := slices.IndexFunc(kept, func(k pair) bool { return k.companyID == p.companyID }); i >= 0 {
			// Two became one: if either was a person's, so is the one.
			kept[i].ours = kept[i].ours && p.ours
			continue
		}
		kept = append(kept, p)
	}
	t.pairs = kept
	return steady
}

// missing reports whether the pair of today must be made. One that is there
// already and that we do not know of is a person's.
func (t *tie) missing() bool {
	if t.companyID == "" {
		return false
	}
	known := slices.ContainsFunc(t.pairs, func(p pair) bool { return p.companyID == t.companyID })
	if _, there := t.at(t.companyID); there {
		if !known {
			t.pairs = append(t.pairs, t.pair(false))
		}
		return false
	}
	return true
}

// changes reports whether a pair may have to be made or removed.
func (t *tie) changes() bool {
	_, there := t.at(t.companyID)
	return t.companyID != "" && !there || slices.ContainsFunc(t.pairs, func(p pair) bool { return p.companyID != t.companyID })
}

// pair is that of the contact with the company of today.
func (t *tie) pair(ours bool) pair {
	return pair{companyID: t.companyID, contactID: t.contactID, companyKey: t.organization, ours: ours}
}

// claim notes that the pair of today is about to be made by us.
func (t *tie) claim() {
	t.drop(t.companyID)
	t.pairs = append(t.pairs, t.pair(true))
}

// surplus sorts the pairs of other companies than today's: those of ours are
// returned to be removed, unless a person's label keeps them; those of people
// are none of our business any more. It is pure but for the tie itself.
func (t *tie) surplus() (remove []string) {
	t.left = nil
	t.pairs = slices.DeleteFunc(t.pairs, func(p pair) bool { return p.companyID != t.companyID && !p.ours })
	for _, p := range t.pairs {
		if p.companyID == t.companyID {
			continue
		}
		if a, there := t.at(p.companyID); there && labelled(a) {
			t.left = append(t.left, p.companyID)
			continue
		}
		remove = append(remove, p.companyID)
	}
	return remove
}

func (t *tie) drop(companyID string) {
	t.pairs = slices.DeleteFunc(t.pairs, func(p pair) bool { return p.companyID == companyID })
}

// settle says how the member stands once the calls are made.
func (t *tie) settle() {
	t.done, t.outcome = true, outbox.Delivered()
	switch {
	case len(t.left) > 0:
		t.outcome = outbox.Hold(verdict.ClassRecord, string(verdict.Labelled))
		t.record = ledger.Record{Status: integration.SyncFailed, Code: verdict.Labelled, OtherID: t.left[0]}
	case t.organization == "":
		t.record = ledger.Record{Status: integration.SyncSynced, Gone: true}
	case t.companyID == "":
		t.outcome = outbox.Discard(string(verdict.NoCompany))
		t.record = ledger.Record{Status: integration.SyncExcluded, Code: verdict.NoCompany}
	default:
		t.record = ledger.Record{Status: integration.SyncSynced}
	}
}

// discard ends a tie that there is nothing to do for. What is stored stays, but
// for a record that needed somebody's attention.
func (t *tie) discard(why verdict.Code) {
	t.done, t.ended, t.outcome = true, why, outbox.Discard(string(why))
}

// Put settles the member for another try later.
func (t *tie) Put(c verdict.Code, after time.Duration) {
	t.done, t.outcome = true, outbox.Retry(verdict.ClassTransient, string(c), after)
	t.record = ledger.Record{Status: integration.SyncPending, Code: c}
}

// Fail settles the member with what HubSpot's refusal of a pair means.
func (t *tie) Fail(f verdict.Failure) {
	t.done, t.outcome = true, f.Outcome()
	t.record = ledger.Record{Status: integration.SyncPending, Code: f.Code, Detail: f.Detail, Properties: f.Properties, Correlation: f.Correlation}
	if f.Hold {
		t.record.Status = integration.SyncFailed
	}
}

// knot is one pair's line in a batch call.
type knot struct {
	t         *tie
	companyID string
	adds      bool
}

func (k *knot) Trying() {
	if k.adds {
		k.t.claim()
	}
}
func (k *knot) Fail(f verdict.Failure)                  { k.t.Fail(f) }
func (k *knot) Put(c verdict.Code, after time.Duration) { k.t.Put(c, after) }
