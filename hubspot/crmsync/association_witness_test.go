package crmsync_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// maker is who has made a pair of contact and company.
type maker int

const (
	byNobody maker = iota
	bySync
	byPerson
)

// witness stands between the sync and HubSpot and knows of every pair who has
// made it. Nobody does anything while it looks: calls about associations and
// the acts of people follow one another.
type witness struct {
	t      *testing.T
	portal *hubspottest.PortalState
	mu     sync.Mutex

	maker map[[2]string]maker
	// doubt are pairs of which nobody outside can say whose they are: made by a
	// person between our look and our call, or again by hand after one of ours was
	// removed by hand, or two that a merge has made one. They may go or stay.
	doubt    map[[2]string]bool
	was      map[[2]string]bool // we have made it once, or tried to
	absent   map[[2]string]bool // of them those that were not there when we last looked
	now      int
	lookedAt map[string]int    // when the sync last read a contact's pairs
	madeAt   map[[2]string]int // when a person made a pair, or a merge moved it
	labelAt  map[[2]string]int // when a person last put a label on
	made     int
	removed  int
	vague    int                // of them those of pairs in doubt, or overtaken by a person between our look and our call
	hands    map[[2]string]bool // pairs that people have made and left
	history  map[string][]string
}

func newWitness(t *testing.T) *witness {
	return &witness{t: t, maker: map[[2]string]maker{}, doubt: map[[2]string]bool{}, was: map[[2]string]bool{}, absent: map[[2]string]bool{},
		lookedAt: map[string]int{}, madeAt: map[[2]string]int{}, labelAt: map[[2]string]int{}, hands: map[[2]string]bool{}, history: map[string][]string{}}
}

// pairs are those of HubSpot, with whether they are labelled.
func (v *witness) pairs() map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, a := range v.portal.Associations("contacts", "companies") {
		p := [2]string{a.FromID, a.ToID}
		out[p] = out[p] || a.Category != hubspot.HubSpotDefined
	}
	return out
}

func (v *witness) companiesOf(contact string) []string {
	var out []string
	for p := range v.pairs() {
		if p[0] == contact {
			out = append(out, p[1])
		}
	}
	slices.Sort(out)
	return out
}

func (v *witness) labelled(p [2]string) bool { return v.pairs()[p] }

// byHand is a person who associates two records.
func (v *witness) byHand(contact, company string, labels []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now++
	p := [2]string{contact, company}
	_, known := v.pairs()[p]
	v.note(contact, "by hand: %s %v, there before: %v", company, labels, known)
	v.portal.PutAssociation("contacts", contact, "companies", company, labels...)
	if len(labels) > 0 {
		v.labelAt[p] = v.now
	}
	if known {
		return
	}
	v.maker[p] = byPerson
	v.doubt[p] = v.was[p]
	if !v.doubt[p] {
		delete(v.doubt, p)
	}
	v.madeAt[p] = v.now
	if !v.was[p] {
		v.hands[p] = true
	}
}

func (v *witness) removeByHand(contact, company string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now++
	p := [2]string{contact, company}
	if _, there := v.pairs()[p]; !there {
		return
	}
	v.note(contact, "removed by hand: %s", company)
	v.portal.RemoveAssociation("contacts", contact, "companies", company)
	v.was[p] = v.was[p] || v.maker[p] == bySync
	delete(v.hands, p)
	delete(v.maker, p)
	delete(v.doubt, p)
}

func (v *witness) unlabelByHand(contact, company string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now++
	if v.pairs()[[2]string{contact, company}] {
		v.note(contact, "label removed by hand: %s", company)
		v.portal.RemoveAssociation("contacts", contact, "companies", company, "Board")
	}
}

// merge merges companies by hand. Two pairs that become one are nobody's beyond
// doubt if they were not of one maker.
func (v *witness) merge(primary, other string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now++
	before := v.pairs()
	survivor := v.portal.MergeRecords("companies", primary, other)
	for p := range maps.Clone(v.was) {
		if p[1] == primary || p[1] == other {
			v.was[[2]string{p[0], survivor}] = true
		}
	}
	for p := range before {
		if p[1] != primary && p[1] != other {
			continue
		}
		q := [2]string{p[0], survivor}
		sides := [2][2]string{{p[0], primary}, {p[0], other}}
		_, one := before[sides[0]]
		_, two := before[sides[1]]
		who := v.maker[p]
		if one && two && v.maker[sides[0]] != v.maker[sides[1]] || v.doubt[sides[0]] || v.doubt[sides[1]] || who == byPerson && (v.was[sides[0]] || v.was[sides[1]]) {
			v.doubt[q] = true
		}
		v.maker[q] = who
		v.was[q] = v.was[q] || who == bySync
		v.madeAt[q] = v.now
		v.note(p[0], "merged: %s and %s are %s now, made by %d", primary, other, survivor, who)
		v.labelAt[q] = max(v.labelAt[sides[0]], v.labelAt[sides[1]])
	}
}

func (v *witness) deleteByHand(company string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now++
	v.portal.ArchiveRecord("companies", company)
}

// note adds to what a failure tells of a contact.
func (v *witness) note(contact, format string, args ...any) {
	v.history[contact] = append(v.history[contact], fmt.Sprintf("%d ", v.now)+fmt.Sprintf(format, args...))
}

func (v *witness) told(contact string) string { return strings.Join(v.history[contact], "\n") }

func answered(resp *http.Response) string {
	if resp == nil {
		return "no answer"
	}
	return resp.Status
}

// RoundTrip implements [http.RoundTripper].
func (v *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Path, "/contacts/companies/") {
		return http.DefaultTransport.RoundTrip(r)
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_ = r.Body.Close() // read to its end
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(raw))

	v.mu.Lock()
	defer v.mu.Unlock()
	v.now++
	before := v.pairs()
	resp, err := http.DefaultTransport.RoundTrip(r)
	after := v.pairs()
	switch {
	case strings.HasSuffix(r.URL.Path, "/batch/read"):
		for _, in := range inputsOf(v.t, raw) {
			v.lookedAt[in.ID] = v.now
			v.looked(in.ID, before, resp)
			v.note(in.ID, "we look: %s", answered(resp))
		}
	case strings.HasSuffix(r.URL.Path, "/associate/default"):
		for _, in := range inputsOf(v.t, raw) {
			v.acted(in.From.ID)
			v.note(in.From.ID, "we associate: %s, %s", in.To[0].ID, answered(resp))
			v.associated([2]string{in.From.ID, v.present(in.To[0].ID)}, before, after)
		}
	case strings.HasSuffix(r.URL.Path, "/batch/archive"):
		for _, in := range inputsOf(v.t, raw) {
			v.acted(in.From.ID)
			for _, to := range in.To {
				v.note(in.From.ID, "we remove: %s, %s", to.ID, answered(resp))
				v.unlinked([2]string{in.From.ID, v.present(to.ID)}, before, after)
			}
		}
	}
	return resp, err
}

// looked notes that the sync has looked at a contact.
func (v *witness) looked(contact string, there map[[2]string]bool, resp *http.Response) {
	if resp == nil || resp.StatusCode >= 300 {
		return
	}
	for p := range v.was {
		if _, is := there[p]; p[0] == contact {
			v.absent[p] = !is
		}
	}
}

// acted notes that the sync goes on to write to a contact: it has made up its
// mind about the pairs that were not there.
func (v *witness) acted(contact string) {
	for p, absent := range v.absent {
		if p[0] == contact && absent {
			delete(v.was, p)
			delete(v.absent, p)
		}
	}
}

// present is the record that an id leads to now.
func (v *witness) present(company string) string {
	if rec, ok := v.portal.Record("companies", company); ok {
		return rec.ID
	}
	return company
}

// associated judges our call that makes a pair.
func (v *witness) associated(p [2]string, before, after map[[2]string]bool) {
	_, there := before[p]
	_, made := after[p]
	switch {
	case !there && made:
		v.maker[p] = bySync
		delete(v.doubt, p)
		v.made++
	case there && v.maker[p] == byPerson && v.madeAt[p] > v.lookedAt[p[0]]:
		v.doubt[p] = true // made since we looked
	case there && v.maker[p] == byPerson:
		v.t.Errorf("our call makes a pair that we had seen to be a person's: %v", p)
	}
	v.was[p] = true
}

// unlinked judges our call that removes a pair.
func (v *witness) unlinked(p [2]string, before, after map[[2]string]bool) {
	labelled, there := before[p]
	if !there {
		return
	}
	switch {
	case v.doubt[p], v.maker[p] == byPerson && v.madeAt[p] > v.lookedAt[p[0]]:
		v.vague++
	case v.maker[p] != byPerson:
	default:
		v.t.Errorf("our call removes a person's pair: %v\n%s", p, v.told(p[0]))
	}
	if labelled && v.labelAt[p] < v.lookedAt[p[0]] {
		v.t.Errorf("our call removes a pair with a person's label: %v", p)
	}
	if _, left := after[p]; !left {
		v.removed++
		delete(v.hands, p) // if it was one, that has been judged above
		delete(v.maker, p)
		delete(v.doubt, p)
	}
}

type wireInput struct {
	ID   string `json:"id"`
	From struct {
		ID string `json:"id"`
	} `json:"from"`
	To wireTo `json:"to"`
}

// wireTo is one record or a list of them.
type wireTo []struct {
	ID string `json:"id"`
}

func (w *wireTo) UnmarshalJSON(raw []byte) error {
	type list wireTo
	if raw[0] != '[' {
		raw = append(append([]byte{'['}, raw...), ']')
	}
	return json.Unmarshal(raw, (*list)(w))
}

func inputsOf(t *testing.T, raw []byte) []wireInput {
	var body struct {
		Inputs []wireInput `json:"inputs"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		t.Errorf("a call's body: %v", err)
	}
	return body.Inputs
}
