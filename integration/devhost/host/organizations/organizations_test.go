package organizations_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/organizations"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

func add(t *testing.T, h *hosttest.Host, clientID, name, seats string) organizations.Organization {
	t.Helper()
	o, err := h.Organizations.Create(t.Context(), clientID, check.Values{"name": name, "seats": seats})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOrganizationLife(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	a, b := add(t, h, h.One, "Acme", ""), add(t, h, h.One, "Bolt", "1")
	h.Tells(t, "two new ones", nil, a.Ref(), b.Ref())
	one, two := h.Member(t, h.One, ""), h.Member(t, h.One, "")
	h.Recorded(t)
	move := func(id, to string) {
		t.Helper()
		if err := h.Organizations.Move(ctx, h.One, id, to); err != nil {
			t.Fatal(err)
		}
	}
	move(one.ID, a.ID)
	h.Tells(t, "joining", nil, one.Ref(), a.Ref())
	move(one.ID, a.ID)
	h.Tells(t, "joining again", nil)
	move(one.ID, b.ID)
	h.Tells(t, "moving", nil, one.Ref(), a.Ref(), b.Ref())
	hosttest.WantProblem(t, h.Organizations.Move(ctx, h.One, two.ID, b.ID), 422, "organizationId") // its one seat is taken
	_, err := h.Organizations.Update(ctx, h.One, b.ID, check.Values{"seats": "2", "domain": "Bolt.Example.org", "plan": "standard"})
	if err != nil {
		t.Fatal(err)
	}
	move(two.ID, b.ID)
	h.Recorded(t)
	_, err = h.Organizations.Update(ctx, h.One, b.ID, check.Values{"seats": "1"})
	hosttest.WantProblem(t, err, 422, "seats")
	got, err := h.Organizations.Update(ctx, h.One, b.ID, check.Values{"name": "Bolt"})
	if err != nil || got.SeatsTaken != 2 || got.Domain != "bolt.example.org" || got.PlanName != "Standard" {
		t.Errorf("%+v, %v", got, err)
	}
	h.Tells(t, "nothing new", nil)
	if p, err := h.Members.Get(ctx, h.One, two.ID); err != nil || p.OrganizationID != b.ID {
		t.Errorf("%+v, %v", p, err)
	}
	if err := h.Members.Delete(ctx, h.One, one.ID); err != nil {
		t.Fatal(err)
	}
	h.Tells(t, "a member leaves the association", nil, one.Ref(), b.Ref())
	if err := h.Organizations.Delete(ctx, h.One, b.ID); err != nil {
		t.Fatal(err)
	}
	h.Tells(t, "the organization is deleted", nil, two.Ref(), b.Ref())
	if p, err := h.Members.Get(ctx, h.One, two.ID); err != nil || p.OrganizationID != "" {
		t.Errorf("%+v, %v", p, err)
	}
	hosttest.WantProblem(t, h.Organizations.Delete(ctx, h.One, b.ID), 404, "")
	hosttest.WantProblem(t, h.Organizations.Move(ctx, h.One, two.ID, b.ID), 422, "organizationId")
	move(two.ID, "")
	h.Tells(t, "none again", nil)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	o, foreign, m := add(t, h, h.One, "Acme", ""), add(t, h, h.Two, "Far", ""), h.Member(t, h.One, "")
	h.Recorded(t)
	create := func(v check.Values) error { _, err := h.Organizations.Create(ctx, h.One, v); return err }
	for name, c := range map[string]struct {
		err    error
		status int
		field  string
	}{
		"no name":       {create(check.Values{}), 422, "name"},
		"not a domain":  {create(check.Values{"name": "X", "domain": "https://x"}), 422, "domain"},
		"not a website": {create(check.Values{"name": "X", "websiteUrl": "x"}), 422, "websiteUrl"},
		"no such plan":  {create(check.Values{"name": "X", "plan": "Gold"}), 422, "plan"},
		"not a number":  {create(check.Values{"name": "X", "seats": "-1"}), 422, "seats"},
		"ends before":   {create(check.Values{"name": "X", "startDate": "2026-02-01", "endDate": "2026-01-01"}), 422, "endDate"},
		"unknown field": {create(check.Values{"name": "X", "colour": "red"}), 422, "colour"},
		"another client": {func() error {
			_, err := h.Organizations.Update(ctx, h.Two, o.ID, check.Values{"name": "X"})
			return err
		}(), 404, ""},
		"a foreign one":   {h.Organizations.Move(ctx, h.One, m.ID, foreign.ID), 422, "organizationId"},
		"no such one":     {h.Organizations.Move(ctx, h.One, m.ID, uuid.NewString()), 422, "organizationId"},
		"a malformed one": {h.Organizations.Move(ctx, h.One, m.ID, "x"), 422, "organizationId"},
		"a foreign move":  {h.Organizations.Move(ctx, h.Two, m.ID, foreign.ID), 404, ""},
	} {
		t.Run(name, func(t *testing.T) { hosttest.WantProblem(t, c.err, c.status, c.field) })
	}
	h.Tells(t, "refusals", nil)
	h.Recorder.Refuse(true)
	for name, err := range map[string]error{
		"create": create(check.Values{"name": "X"}), "move": h.Organizations.Move(ctx, h.One, m.ID, o.ID), "delete": h.Organizations.Delete(ctx, h.One, o.ID),
	} {
		if err == nil {
			t.Errorf("%s without its record was made", name)
		}
	}
	page, err := h.Organizations.List(ctx, h.One, store.Query{Search: "acm"})
	if err != nil || page.Total != 1 || page.Items[0].SeatsTaken != 0 {
		t.Errorf("left behind: %+v, %v", page, err)
	}
}

// TestMovesAtOnce fills the seats of two organizations from both sides.
func TestMovesAtOnce(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	a, b := add(t, h, h.One, "Acme", "8"), add(t, h, h.One, "Bolt", "8")
	var wg sync.WaitGroup
	for i := range 8 {
		from, to := a.ID, b.ID
		if i%2 == 0 {
			from, to = to, from
		}
		m := h.Member(t, h.One, "")
		wg.Go(func() {
			for _, id := range []string{from, to} {
				if err := h.Organizations.Move(t.Context(), h.One, m.ID, id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	page, err := h.Organizations.List(t.Context(), h.One, store.Query{})
	if err != nil || page.Items[0].SeatsTaken != 4 || page.Items[1].SeatsTaken != 4 {
		t.Errorf("%+v, %v", page.Items, err)
	}
}
