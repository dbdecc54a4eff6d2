package ports_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/ports"
)

func TestFind(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	m := h.Member(t, h.One, "")
	o, err := h.Organizations.Create(ctx, h.One, check.Values{"name": "Acme"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := h.Events.Create(ctx, h.One, check.Values{"name": "Gala", "start": "2030-05-01T18:00"})
	if err != nil {
		t.Fatal(err)
	}
	k, err := h.Tickets.Open(ctx, h.One, check.Values{"subject": "Help", "name": "Jo"})
	if err != nil {
		t.Fatal(err)
	}
	h.Recorded(t)
	for _, who := range []check.Values{{"memberId": m.ID}, {"name": "Jo"}} {
		if _, err := h.Events.Register(ctx, h.One, e.ID, who); err != nil {
			t.Fatal(err)
		}
	}
	told, _ := h.Told(t)
	want := map[string]ports.Found{
		m.ID: {What: "Member", Page: m.Ref()}, o.ID: {What: "Organization", Page: o.Ref()}, e.ID: {What: "Event", Page: e.Ref()}, k.ID: {What: "Ticket", Page: k.Ref()},
		told[0].ID: {What: "Activity", Page: m.Ref()}, told[1].ID: {What: "Activity"},
	}
	ids := []string{uuid.NewString(), "nonsense"}
	for id := range want {
		ids = append(ids, id)
	}
	got, err := ports.Find(ctx, h.DB, h.One, ids)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%v, %v", got, err)
	}
	for id, f := range want {
		if got[id] != f {
			t.Errorf("%+v, want %+v", got[id], f)
		}
	}
	for _, clientID := range []string{h.Two, ""} {
		if got, err := ports.Find(ctx, h.DB, clientID, ids); err != nil || len(got) != 0 {
			t.Errorf("another client finds %v, %v", got, err)
		}
	}
	if page := ports.Page(integration.Ref{Kind: integration.KindTicket, Key: k.ID}); page != "/tickets/"+k.ID {
		t.Errorf("%q", page)
	}
}
