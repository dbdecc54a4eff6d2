package crmsync_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// linked returns the contact of a member that nobody has meddled with, once
// its link is stored: what happens to a contact before that is a race that
// either side may win.
func (w *world) linked() (*soul, hubspottest.Record, bool) {
	s := w.one(func(s *soul) bool { return !s.archived && s.rival == nil && s.heir == nil })
	if s == nil {
		return nil, hubspottest.Record{}, false
	}
	c, ok := w.portal.Contact(w.linkOf(s))
	return s, c, ok && !c.Archived
}

// linkOf reads the stored link of a member, "" if there is none.
func (w *world) linkOf(s *soul) (id string) {
	err := w.replicas[0].db.NewRaw(`select coalesce(max(hubspot_id), '') from hubspot_identity_link where key = ? and not lost`, s.m.ID).
		Scan(context.Background(), &id)
	must(w.t, err)
	return id
}

func (w *world) isLinked(s *soul) bool { return w.linkOf(s) != "" }

// personEdits types values into a contact: some are ours, and are put right
// unless the contact was there before us, some are not, and stay.
func (w *world) personEdits() {
	s, c, ok := w.linked()
	if !ok {
		return
	}
	w.happened["edit"]++
	if s.lives && w.rng.IntN(2) == 0 { // who is gone is not written again
		s.typed["firstname"], s.typed["email"] = w.fresh("Typed"), w.address()
		w.portal.EditContact(c.ID, map[string]string{"firstname": s.typed["firstname"], "memberpulse_member_status": "", "email": s.typed["email"]})
		return
	}
	s.people["jobtitle"], s.people["fax"] = w.fresh("Job"), w.fresh("+1 ")
	w.portal.EditContact(c.ID, s.people)
}

func (w *world) personArchives() {
	if s, c, ok := w.linked(); ok {
		w.portal.ArchiveContact(c.ID)
		s.archived = true
		w.happened["archive"]++
	}
}

// personMergesStranger merges a contact of nobody with a member's, in either
// direction: the member's contact lives on under another id.
func (w *world) personMergesStranger() {
	s, c, ok := w.linked()
	if !ok {
		return
	}
	other := w.stranger()
	delete(w.strangers, other.ID)
	w.happened["merge of a stranger"]++
	theirs := map[string]string{"jobtitle": other.Properties["jobtitle"], "salutation": other.Properties["salutation"]}
	if w.rng.IntN(2) == 0 {
		w.portal.MergeContacts(other.ID, c.ID) // the primary's values win
		maps.Copy(s.people, theirs)
		s.typed["firstname"], s.typed["email"] = other.Properties["firstname"], other.Properties["email"]
		return
	}
	w.portal.MergeContacts(c.ID, other.ID)
	maps.Copy(theirs, s.people)
	s.people = theirs
}

// personMergesMembers makes one contact of two members'. One of the two keeps
// it; for the other nothing is written any more.
func (w *world) personMergesMembers() {
	a, first, ok := w.linked()
	b, second, also := w.linked()
	if !ok || !also || a == b || !w.lone(a) || !w.lone(b) {
		return
	}
	w.portal.MergeContacts(first.ID, second.ID)
	a.rival, b.rival = b, a
	a.mixed, b.mixed = second, first
	w.happened["merge of two members"]++
}

// lone says that people own nothing on the member's contact: whose values win
// in a merge is not this model's business.
func (w *world) lone(s *soul) bool { return len(s.people) == 0 }

// wantedValues is what the contact of a living member shows.
func (s *soul) wantedValues() map[string]string {
	m, ms := s.m, s.m.Memberships[0]
	want := map[string]string{
		"memberpulse_member_id": m.ID, "firstname": m.FirstName, "lastname": m.LastName, "company": m.Company, "city": m.City,
		"memberpulse_member_status":     string(m.Status),
		"memberpulse_registered_at":     m.RegisteredAt.Format("2006-01-02T15:04:05Z"),
		"memberpulse_membership_plan":   ms.PlanName,
		"memberpulse_membership_status": string(ms.Status),
		"memberpulse_membership_start":  ms.StartDate.String(),
		"memberpulse_membership_end":    ms.EndDate.String(),
		"phone":                         "", "mobilephone": "", "address": "", "zip": "", "state": "", "country": "", "website": "",
		"jobtitle": "",
	}
	if m.Email != "" {
		want["email"] = m.Email
	}
	if s.primary != "" { // its owner's choice, as long as the member's address is the one that it was found by
		want["email"] = s.primary
	}
	maps.Copy(want, s.people)
	return want
}

// judge compares the portal with the model.
func (w *world) judge() {
	w.t.Helper()
	contacts := map[string]hubspottest.Record{}
	strangers, unclaimed := maps.Clone(w.strangers), map[string]bool{}
	for _, c := range w.portal.Contacts() {
		key := c.Properties["memberpulse_member_id"]
		if before, isStranger := strangers[c.ID]; isStranger {
			delete(strangers, c.ID)
			if !maps.Equal(c.Properties, before.Properties) {
				w.t.Errorf("a contact of nobody was written: %v, was %v", c.Properties, before.Properties)
			}
			continue
		}
		if key == "" {
			unclaimed[c.ID] = true
			continue
		}
		if _, twice := contacts[key]; twice {
			w.t.Errorf("member %s has two contacts", key)
		}
		contacts[key] = c
	}
	for id := range strangers {
		w.t.Errorf("the contact %s of nobody is gone", id)
	}
	for _, s := range w.souls {
		c, has := contacts[s.m.ID]
		delete(contacts, s.m.ID)
		delete(unclaimed, s.known) // of a member that was never included: if it should be, it is missed here
		w.judgeSoul(s, c, has)
	}
	for key, c := range contacts {
		w.t.Errorf("contact %s carries the id of no member: %s", c.ID, key)
	}
	for id := range unclaimed {
		w.t.Errorf("contact %s carries no member's id and was no stranger", id)
	}
	w.judgeRequests()
}

func (w *world) judgeSoul(s *soul, c hubspottest.Record, has bool) {
	w.t.Helper()
	switch {
	case s.archived:
		if has {
			w.t.Errorf("member %s: a contact that people deleted is there again", s.m.ID)
		}
	case s.heir != nil:
		if heir := s.heir; has && (heir.lives && heir.m.Status != "pending" || w.hasContact(heir)) {
			w.t.Errorf("member %s is member %s now, and has a contact all the same", s.m.ID, heir.m.ID)
		}
	case s.rival != nil && !has:
		if _, other := w.replicas[0].contact(portalA, s.rival.m.ID); !other {
			w.t.Errorf("members %s and %s were merged, and neither has the contact", s.m.ID, s.rival.m.ID)
		}
	case s.rival != nil && !s.parted && w.hasContact(s.rival):
		w.t.Errorf("members %s and %s were merged, and both have a contact", s.m.ID, s.rival.m.ID)
	case !s.lives:
		if got := c.Properties["memberpulse_member_status"]; has && got != "deleted" {
			w.t.Errorf("member %s is gone: status %q in HubSpot", s.m.ID, got)
		}
	case !has:
		if s.m.Email != "" && s.m.Status != "pending" {
			r := w.replicas[0].logOf(tenantA, s.m.ID)
			w.t.Errorf("member %s is left behind: %s %s", s.m.ID, r.Status, r.Code)
		}
	default:
		for name, want := range s.wantedValues() {
			if got := c.Properties[name]; got != want && (want != "" || !s.mergedIn(name, got)) && !w.keeps(s, name, got) {
				w.t.Errorf("member %s: %s is %q, want %q\n%s", s.m.ID, name, got, want, w.history(s, c.ID))
			}
		}
		if r := w.replicas[0].logOf(tenantA, s.m.ID); r.Status != "synced" || r.CRMEntityID != c.ID {
			w.t.Errorf("member %s: sync record %s %s of %s, want synced with %s", s.m.ID, r.Status, r.Code, r.CRMEntityID, c.ID)
		}
	}
}

// mergedIn says that a value came from the rival's contact when a person merged
// the two.
func (s *soul) mergedIn(name, value string) bool {
	return value != "" && s.mixed.Properties[name] == value
}

// keeps says that a value in a contact that was there before us is what people
// wrote over ours, or brought in from another one. Whether ours or theirs is there in the end is a race that
// either side may win: between our read and our write HubSpot has no lock. A
// contact of which HubSpot has not said that our call made it, for the reply was
// lost, is treated with the same care.
func (w *world) keeps(s *soul, name, value string) bool {
	if typed, is := s.typed[name]; (!is || typed != value) && !s.mergedIn(name, value) {
		return false
	}
	if s.known != "" {
		return true
	}
	doubt, err := w.replicas[0].db.NewRaw(`select from hubspot_identity_link where key = ? and not created_here`, s.m.ID).Exec(context.Background())
	must(w.t, err)
	n, err := doubt.RowsAffected()
	must(w.t, err)
	w.doubts += int(n)
	return n > 0
}

func (w *world) hasContact(s *soul) bool {
	_, has := w.replicas[0].contact(portalA, s.m.ID)
	return has
}

// judgeRequests looks at everything that was ever sent: no property that is
// not ours, and nobody's contact by its id.
func (w *world) judgeRequests() {
	w.t.Helper()
	ours := slices.Collect(maps.Keys((&soul{m: member(0)}).wantedValues()))
	ours = append(ours, "memberpulse_membership_renewed_at")
	var foreign []string
	for _, r := range w.sim.Requests() {
		for name := range sentProperties(w, r) {
			if !slices.Contains(ours, name) {
				foreign = append(foreign, name)
			}
		}
	}
	if slices.Sort(foreign); len(foreign) > 0 {
		w.t.Errorf("properties that are not ours were written: %v", slices.Compact(foreign))
	}
}

// sentProperties are the names of the properties that a write of contacts sets.
func sentProperties(w *world, r hubspottest.Request) map[string]bool {
	out := map[string]bool{}
	if !strings.HasSuffix(r.Path, "/contacts/batch/update") && !strings.HasSuffix(r.Path, "/contacts/batch/upsert") {
		return out
	}
	var body struct {
		Inputs []struct {
			Properties map[string]string `json:"properties"`
		} `json:"inputs"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil || len(body.Inputs) == 0 {
		w.t.Errorf("%s: the body of the request cannot be read: %v", r.Path, err)
	}
	for _, in := range body.Inputs {
		for name := range in.Properties {
			out[name] = true
		}
	}
	return out
}
