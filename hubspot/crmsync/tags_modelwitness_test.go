package crmsync_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// tagWitness stands between the sync and HubSpot. It knows which writes were
// confirmed, and is where people change a contact at the worst moment: between
// the sync's read and its write.
type tagWitness struct {
	portal *hubspottest.PortalState
	shared []string // the customer's properties that hold tags
	// people hold it alone while they change a contact: what they see is there.
	people sync.RWMutex

	mu      sync.Mutex
	rng     *rand.Rand
	flows   []string
	foreign map[string]map[string]map[string]bool // by contact and property, what people left there
	doubts  map[string]int                        // by contact or member, the writes without a confirmation
	passes  map[[2]string]*tagPass                // by contact and property
	loaded  map[string]bool                       // by member: a pass has begun, and not looked yet
	excused map[[2]string]bool                    // four changes of people, each between our read and our write
	unsure  map[[3]string]bool                    // values that such a change concerned: it may be made up for later
	between int                                   // changes of people in such a moment
}

// tagPass is what happened to a property since the sync last began to rewrite it.
type tagPass struct {
	changed bool // by people, since we last looked
	hit     int  // how many of our writes came upon that
}

// tagCall is a batch call about contacts, as the witness reads it.
type tagCall struct {
	IDProperty string   `json:"idProperty"`
	History    []string `json:"propertiesWithHistory"`
	Inputs     []struct {
		ID         string            `json:"id"`
		Properties map[string]string `json:"properties"`
	} `json:"inputs"`
}

// RoundTrip implements [http.RoundTripper].
func (v *tagWitness) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Path, "/contacts/batch/") {
		return http.DefaultTransport.RoundTrip(r)
	}
	raw, err := io.ReadAll(r.Body)
	_ = r.Body.Close() // read to its end
	var c tagCall
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return nil, err
	}
	writes := !strings.HasSuffix(r.URL.Path, "/batch/read")
	v.meddle(c, writes)
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(raw))
	v.people.RLock()
	if writes {
		v.writing(c)
	} else {
		v.reading(c)
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	v.people.RUnlock()
	var reply []byte
	whole := false
	if err == nil {
		var cut error
		reply, cut = io.ReadAll(resp.Body)
		_ = resp.Body.Close() // what there was is read
		whole = cut == nil
		resp.Body = io.NopCloser(bytes.NewReader(reply))
		if cut != nil {
			resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(reply), broken{cut}))
		}
	}
	if !whole || !confirms(resp, reply, len(c.Inputs)) {
		v.doubt(c, writes)
	}
	v.leaveWorkflows()
	return resp, err
}

// confirms reports whether a reply leaves nothing open.
func confirms(resp *http.Response, reply []byte, inputs int) bool {
	switch resp.StatusCode {
	case http.StatusLocked, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return true // nothing was done
	}
	var body struct {
		Results []json.RawMessage `json:"results"`
	}
	return resp.StatusCode < 300 && json.Unmarshal(reply, &body) == nil && len(body.Results) == inputs
}

func (v *tagWitness) doubt(c tagCall, writes bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !writes && len(c.History) == 0 {
		return
	}
	for _, in := range c.Inputs {
		v.doubts[in.ID]++
	}
}

// loading notes that a pass of the sync begins.
func (v *tagWitness) loading(_ string, refs []integration.Ref) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, ref := range refs {
		v.loaded[ref.Key] = true
	}
	return nil
}

// reading notes that the sync looks at the history of contacts.
func (v *tagWitness) reading(c tagCall) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(c.History) == 0 {
		return
	}
	for _, in := range c.Inputs {
		contact, _ := v.portal.Contact(in.ID)
		member := contact.Properties["memberpulse_member_id"]
		for _, name := range c.History {
			at := [2]string{in.ID, name}
			if v.loaded[member] || v.passes[at] == nil {
				v.passes[at] = &tagPass{}
			}
			v.passes[at].changed = false
		}
		delete(v.loaded, member)
	}
}

// writing notes that the sync rewrites contacts.
func (v *tagWitness) writing(c tagCall) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, in := range c.Inputs {
		for name, value := range in.Properties {
			p := v.passes[[2]string{in.ID, name}]
			if p == nil || strings.HasPrefix(value, ";") || !p.changed {
				continue
			}
			p.changed = false
			if p.hit++; p.hit > 3 {
				v.excused[[2]string{in.ID, name}] = true
			}
		}
	}
}

// meddle has people change contacts that a call is about, just before it.
func (v *tagWitness) meddle(c tagCall, writes bool) {
	for _, in := range c.Inputs {
		for _, name := range v.shared {
			value, rewrites := in.Properties[name]
			rewrites = rewrites && !strings.HasPrefix(value, ";")
			v.mu.Lock()
			p, odds := v.passes[[2]string{in.ID, name}], 0
			switch {
			case writes && rewrites && p != nil && p.hit > 0:
				odds = 2 // somebody stubborn
			case writes && rewrites:
				odds = 6
			case slices.Contains(c.History, name):
				odds = 12
			}
			acts := odds > 0 && v.rng.IntN(odds) == 0
			v.mu.Unlock()
			if acts && v.edit(in.ID, name) {
				v.mu.Lock()
				v.between++
				v.mu.Unlock()
			}
		}
	}
}

// edit is a person who puts a value into a property, or takes one out of it. It
// is false for a value that is not as people left it: nobody takes out what is
// not there.
func (v *tagWitness) edit(contact, name string) bool {
	v.people.Lock()
	defer v.people.Unlock()
	c, ok := v.portal.Contact(contact)
	if !ok || c.Archived {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	values := valuesOf(c.Properties[name])
	if v.foreign[contact] == nil {
		v.foreign[contact] = map[string]map[string]bool{}
	}
	theirs := v.foreign[contact][name]
	if theirs == nil {
		theirs = map[string]bool{}
		v.foreign[contact][name] = theirs
	}
	value := modelForeign[v.rng.IntN(len(modelForeign))]
	if theirs[value] != values[value] && !v.unsure[[3]string{contact, name, value}] {
		return false
	}
	delete(v.unsure, [3]string{contact, name, value})
	if values[value] {
		delete(theirs, value)
		delete(values, value)
	} else {
		theirs[value], values[value] = true, true
	}
	v.portal.EditContact(contact, map[string]string{name: strings.Join(slices.Sorted(maps.Keys(values)), ";")})
	if p := v.passes[[2]string{contact, name}]; p != nil {
		p.changed = true
	}
	return true
}

// modelForeign are the values that people use.
var modelForeign = []string{"vip", "press", "board", "donor", "speaker"}

func valuesOf(property string) map[string]bool {
	out := map[string]bool{}
	for value := range strings.SplitSeq(property, ";") {
		if value != "" {
			out[value] = true
		}
	}
	return out
}

// leaveWorkflows ends everybody's passage, so that the next change of a value
// enrols anew.
func (v *tagWitness) leaveWorkflows() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, name := range v.flows {
		for _, e := range v.portal.Enrolments(name) {
			if e.Inside {
				v.portal.ExitWorkflow(name, e.ContactID)
			}
		}
	}
}
