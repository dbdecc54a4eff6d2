// Package simulated is the HubSpot of the reference host: the simulator of this
// project with an account for every client, and a few contacts in it that
// somebody typed in before MemberPulse came.
//
// It keeps everything in memory. Each start of a host therefore has new, empty
// accounts with new portal ids, as if every client had moved to a new one.
package simulated

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/portal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
)

// HubSpot hands out accounts. It is safe for concurrent use.
type HubSpot struct {
	sim *hubspottest.Simulator

	mu       sync.Mutex
	next     int64
	accounts map[string]account // by client
}

type account struct {
	id    int64
	token string
}

// New returns accounts in sim whose portal ids start at first.
func New(sim *hubspottest.Simulator, first int64) *HubSpot {
	return &HubSpot{sim: sim, next: first, accounts: map[string]account{}}
}

// Open makes the account of a client with this portal id and key, for instance
// those that the environment names. It is an error if either is taken.
func (h *HubSpot) Open(clientID string, id int64, key string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open(clientID, id, key)
}

func (h *HubSpot) open(clientID string, id int64, key string) (err error) {
	if _, has := h.accounts[clientID]; has {
		return fmt.Errorf("simulated: client %s has an account", clientID)
	}
	if h.sim.Portal(id) != nil {
		return fmt.Errorf("simulated: portal %d exists", id)
	}
	for _, a := range h.accounts {
		if a.token == key {
			return fmt.Errorf("simulated: the key of portal %d is taken", id)
		}
	}
	if id <= 0 || key == "" {
		return fmt.Errorf("simulated: portal %d: want a positive id and a key", id)
	}
	h.sim.AddPortal(hubspottest.Portal{ID: id, Token: key, Name: "Demo " + strconv.FormatInt(id, 10), Plan: "professional", TimeZone: "Australia/Sydney"})
	h.accounts[clientID] = account{id, key}
	return nil
}

// Portal returns the account of a client and its key, and makes one at the
// first call. The key opens the simulator and nothing else.
func (h *HubSpot) Portal(clientID string) (portalID, apiKey string, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a, has := h.accounts[clientID]
	for !has {
		id := h.next
		h.next++
		if h.sim.Portal(id) != nil {
			continue // the environment named this one
		}
		if err := h.open(clientID, id, "pat-demo-"+secret()); err != nil {
			return "", "", false
		}
		a, has = h.accounts[clientID]
	}
	return strconv.FormatInt(a.id, 10), a.token, true
}

// Contacts returns the contacts of a client's account, none if it has no account.
func (h *HubSpot) Contacts(clientID string) []portal.Contact {
	h.mu.Lock()
	a, has := h.accounts[clientID]
	h.mu.Unlock()
	if !has {
		return nil
	}
	p := h.sim.Portal(a.id)
	companies, notes := attached(p, "companies"), attached(p, "notes")
	records := p.Contacts()
	out := make([]portal.Contact, len(records))
	for i, r := range records {
		out[i] = portal.Contact{ID: r.ID, Properties: r.Properties, UpdatedAt: r.UpdatedAt}
		for _, c := range companies[r.ID] {
			out[i].Companies = append(out[i].Companies, c.Properties["name"])
		}
		for _, n := range notes[r.ID] {
			out[i].Notes = append(out[i].Notes, portal.Note{ID: n.ID, Body: n.Properties["hs_note_body"], At: noted(n)})
		}
		slices.SortFunc(out[i].Notes, func(a, b portal.Note) int { return b.At.Compare(a.At) })
	}
	return out
}

// attached are the records of a type that stand beside each contact.
func attached(p *hubspottest.PortalState, objectType string) map[string][]hubspottest.Record {
	byID := map[string]hubspottest.Record{}
	for _, r := range p.Records(objectType) {
		byID[r.ID] = r
	}
	out, seen := map[string][]hubspottest.Record{}, map[[2]string]bool{}
	for _, a := range p.Associations("contacts", objectType) {
		pair := [2]string{a.FromID, a.ToID}
		if r, there := byID[a.ToID]; there && !seen[pair] { // a pair may have several labels
			seen[pair] = true
			out[a.FromID] = append(out[a.FromID], r)
		}
	}
	return out
}

// noted is the time that a note speaks of, else the time of its last change.
func noted(r hubspottest.Record) time.Time {
	if at, err := time.Parse(time.RFC3339Nano, r.Properties["hs_timestamp"]); err == nil {
		return at
	}
	return r.UpdatedAt
}

// Furnish puts contacts into the account of a client that has these members: a
// few that are the same people, one that two members claim, and a few strangers.
// It does nothing if the account has contacts.
func (h *HubSpot) Furnish(clientID string, list []integration.Member) {
	id, _, ok := h.Portal(clientID)
	if !ok || len(h.Contacts(clientID)) > 0 {
		return
	}
	n, _ := strconv.ParseInt(id, 10, 64) // it was printed from a number
	st := h.sim.Portal(n)
	put := func(props map[string]string, m integration.Member) {
		props = maps.Clone(props)
		props["email"], props["firstname"], props["lastname"] = m.Email, m.FirstName, m.LastName
		st.PutContact(props)
	}
	for i := seed.FirstKnown; i <= seed.LastKnown && i < len(list); i++ {
		put(map[string]string{"jobtitle": "from the newsletter form"}, list[i])
	}
	if seed.SharedSecond < len(list) {
		put(map[string]string{"hs_additional_emails": list[seed.SharedSecond].Email}, list[seed.SharedFirst])
	}
	for _, name := range [][2]string{{"Robin", "Supplier"}, {"Jo", "Journalist"}, {"Sam", "Sponsor"}} {
		st.PutContact(map[string]string{
			"firstname": name[0], "lastname": name[1], "email": plainAddress(name),
		})
	}
}

func plainAddress(name [2]string) string { return name[0] + "." + name[1] + "@contacts.example.org" }

func secret() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails
	return hex.EncodeToString(raw)
}
