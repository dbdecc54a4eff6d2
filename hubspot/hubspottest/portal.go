package hubspottest

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// Portal describes one HubSpot account.
type Portal struct {
	ID     int64    `json:"id"`
	Token  string   `json:"token"`
	Scopes []string `json:"scopes,omitempty"` // of Token; nil means all

	Name         string `json:"name,omitempty"`
	TimeZone     string `json:"timeZone,omitempty"`     // IANA name, default US/Eastern; the day of the daily limit follows it
	Plan         string `json:"plan,omitempty"`         // free (default), starter, professional, enterprise: sets the limits below
	AccountType  string `json:"accountType,omitempty"`  // STANDARD (default), DEVELOPER_TEST, SANDBOX, APP_DEVELOPER
	Currency     string `json:"currency,omitempty"`     // default USD
	MaxPerWindow int    `json:"maxPerWindow,omitempty"` // calls in 10 s of each token; 0 follows the plan
	Daily        int    `json:"daily,omitempty"`        // calls of a day of all tokens together; 0 follows the plan
	MaxLinking   int    `json:"maxLinking,omitempty"`   // association calls in 10 s of each token, within those of MaxPerWindow; 0 follows the plan
	MaxProperty  int    `json:"maxProperty,omitempty"`  // custom properties of an object type, default 1,000
	AutoCompany  bool   `json:"autoCompany,omitempty"`  // a new contact gets a company by its email domain, as the setting of HubSpot does
	MaxLists     int    `json:"maxLists,omitempty"`     // lists of the plan; 0 means no limit
}

func (p Portal) withDefaults() Portal {
	if p.TimeZone == "" {
		p.TimeZone = "US/Eastern"
	}
	if p.AccountType == "" {
		p.AccountType = "STANDARD"
	}
	if p.Currency == "" {
		p.Currency = "USD"
	}
	window, linking, daily := 100, 100, 250_000
	switch strings.ToLower(p.Plan) {
	case "professional":
		window, linking, daily = 190, 150, 625_000
	case "enterprise":
		window, linking, daily = 190, 150, 1_000_000
	}
	if p.MaxPerWindow == 0 {
		p.MaxPerWindow = window
	}
	if p.MaxLinking == 0 {
		p.MaxLinking = linking
	}
	if p.Daily == 0 {
		p.Daily = daily
	}
	if p.MaxProperty == 0 {
		p.MaxProperty = 1_000
	}
	return p
}

// PortalState is one account with all that is in it. Its methods act as a person in
// HubSpot's own screens does: no scopes, no limits, nothing in the request log.
type PortalState struct {
	sim      *Simulator
	portal   Portal
	location *time.Location

	mu     sync.Mutex // guards what follows
	types  []*objects
	links  *associations
	day    string // the day that used counts, in the account's time zone
	used   int
	search []time.Time // calls of search in the last second
	lists  listStore
	flows  []*workflow
	shows  []*marketingEvent
	events eventStore
}

// token is one app or key of a portal.
type token struct {
	portal *PortalState
	scopes map[string]bool // nil means all
	calls  []time.Time     // in the last ten seconds; guarded by the portal's mu

	linking []time.Time // those of associations among them
}

// AddPortal adds an account. It panics if the id or the token is taken or the time
// zone is unknown: portals are set up by tests, and a test should stop there.
func (s *Simulator) AddPortal(p Portal) *PortalState {
	st, err := s.addPortal(p)
	if err != nil {
		panic("hubspottest: " + err.Error())
	}
	return st
}

// Check finds what makes a description unusable, its token aside.
func (p Portal) Check() error {
	p = p.withDefaults()
	if p.ID <= 0 {
		return fmt.Errorf("portal id %d is not positive", p.ID)
	}
	if p.MaxPerWindow < 0 || p.MaxLinking < 0 || p.Daily < 0 || p.MaxProperty < 0 || p.MaxLists < 0 {
		return fmt.Errorf("portal %d: limits must not be negative", p.ID)
	}
	if _, err := time.LoadLocation(p.TimeZone); err != nil {
		return fmt.Errorf("portal %d: unknown time zone %q", p.ID, p.TimeZone)
	}
	return nil
}

func (s *Simulator) addPortal(p Portal) (*PortalState, error) {
	p = p.withDefaults()
	if err := p.Check(); err != nil {
		return nil, err
	}
	if p.Token == "" {
		return nil, fmt.Errorf("portal %d has no token", p.ID)
	}
	loc, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("portal %d: %w", p.ID, err)
	}
	st := &PortalState{sim: s, portal: p, location: loc, links: newAssociations()}
	for _, t := range objectTypes(s.opts) {
		st.types = append(st.types, newObjects(t, s.now()))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.portals[p.ID] != nil {
		return nil, fmt.Errorf("portal %d exists already", p.ID)
	}
	if s.tokens[p.Token] != nil {
		return nil, fmt.Errorf("the token of portal %d is taken", p.ID)
	}
	s.portals[p.ID] = st
	s.tokens[p.Token] = newToken(st, p.Scopes)
	s.wake()
	return st, nil
}

// Portal answers an account, nil if there is none with that id.
func (s *Simulator) Portal(id int64) *PortalState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.portals[id]
}

func newToken(p *PortalState, scopes []string) *token {
	t := &token{portal: p}
	if scopes != nil {
		t.scopes = map[string]bool{}
		for _, sc := range scopes {
			t.scopes[sc] = true
		}
	}
	return t
}

// AddToken gives the account one more app or key, with limits of its own. No scopes
// means all. Adding a token again replaces its scopes; a token of another account
// panics.
func (p *PortalState) AddToken(value string, scopes ...string) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	if t := p.sim.tokens[value]; t != nil && t.portal != p {
		panic("hubspottest: the token belongs to another portal")
	}
	p.sim.tokens[value] = newToken(p, scopes)
	p.sim.wake()
}

// RevokeToken ends a token; calls with it get 401 from then on.
func (p *PortalState) RevokeToken(value string) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	if t := p.sim.tokens[value]; t != nil && t.portal == p {
		delete(p.sim.tokens, value)
	}
	p.sim.wake()
}

func (s *Simulator) authenticate(header string) *token {
	scheme, value, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[strings.TrimSpace(value)]
}

// objects finds the store of an object type by any of its names.
func (p *PortalState) objects(name string) *objects {
	for _, o := range p.types {
		if o.t.is(name) {
			return o
		}
	}
	return nil
}
