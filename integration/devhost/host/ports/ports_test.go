package ports_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/ports"
)

func TestCRMIDs(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	m, other, foreign := h.Member(t, h.One, ""), h.Member(t, h.One, ""), h.Member(t, h.Two, "")
	ticket, err := h.Tickets.Open(ctx, h.One, check.Values{"subject": "Help", "name": "Jo"})
	if err != nil {
		t.Fatal(err)
	}
	h.Recorded(t)
	w := ports.NewCRMIDs(h.DB)
	write := func(commit bool, ids ...integration.CRMID) {
		t.Helper()
		tx, err := h.DB.DB.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WriteCRMIDs(ctx, tx, h.One, ids); err != nil {
			t.Fatal(err)
		}
		end := map[bool]func() error{true: tx.Commit, false: tx.Rollback}[commit]
		if err := end(); err != nil {
			t.Fatal(err)
		}
	}
	has := func(clientID, id string) members.Profile {
		t.Helper()
		p, err := h.Members.Get(ctx, clientID, id)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	write(false, integration.CRMID{Ref: m.Ref(), ID: "9"})
	if got := has(h.One, m.ID).CRMID; got != "" {
		t.Errorf("rolled back, and there is %q", got)
	}
	for range 2 { // twice without harm
		write(true,
			integration.CRMID{Ref: m.Ref(), ID: "101"}, integration.CRMID{Ref: ticket.Ref(), ID: "501"},
			integration.CRMID{Ref: foreign.Ref(), ID: "666"}, integration.CRMID{Ref: integration.Ref{Kind: integration.KindMember, Key: uuid.NewString()}, ID: "1"},
			integration.CRMID{Ref: other.Ref(), ID: "1"}, integration.CRMID{Ref: other.Ref(), ID: "102"})
	}
	if k, err := h.Tickets.Get(ctx, h.One, ticket.ID); err != nil || k.CRMID != "501" || !k.UpdatedAt.Equal(ticket.UpdatedAt) {
		t.Errorf("ticket: %+v, %v", k, err)
	}
	got := has(h.One, m.ID)
	if got.CRMID != "101" || !got.UpdatedAt.Equal(m.UpdatedAt.Truncate(time.Microsecond)) || has(h.One, other.ID).CRMID != "102" || has(h.Two, foreign.ID).CRMID != "" {
		t.Errorf("member: %+v", got)
	}
	if n := len(h.Recorded(t)); n != 0 {
		t.Errorf("%d changes were recorded, want none", n)
	}
	if _, err := h.Members.Update(ctx, h.One, m.ID, members.Patch{"crmId": "7"}); err == nil {
		t.Error("a person changed the CRM ID of a member")
	}
	if _, err := h.Tickets.Change(ctx, h.One, ticket.ID, check.Values{"crmId": "7"}, nil); err == nil {
		t.Error("a person changed the CRM ID of a ticket")
	}
	if p, err := h.Members.Update(ctx, h.One, m.ID, members.Patch{"city": "Perth"}); err != nil || p.CRMID != "101" {
		t.Errorf("after an edit: %q, %v", p.CRMID, err)
	}
	write(true, integration.CRMID{Ref: m.Ref()})
	if got := has(h.One, m.ID).CRMID; got != "" {
		t.Errorf("taken back, and there is %q", got)
	}
	tx, err := h.DB.DB.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	for name, err := range map[string]error{
		"an organization": w.WriteCRMIDs(ctx, tx, h.One, []integration.CRMID{{Ref: integration.Ref{Kind: integration.KindOrganization, Key: m.ID}}}),
		"no transaction":  w.WriteCRMIDs(ctx, (*sql.Tx)(nil), h.One, nil),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, err := range map[string]error{
		"nothing":            w.WriteCRMIDs(ctx, tx, h.One, nil),
		"a malformed client": w.WriteCRMIDs(ctx, tx, "x", []integration.CRMID{{Ref: m.Ref(), ID: "1"}}),
		"a malformed key":    w.WriteCRMIDs(ctx, tx, h.One, []integration.CRMID{{Ref: integration.Ref{Kind: integration.KindMember, Key: "x"}, ID: "1"}}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	id := uuid.NewString()
	for base, want := range map[string]string{
		"http://127.0.0.1:8080": "http://127.0.0.1:8080", "http://[::1]:80": "http://[::1]:80", "http://localhost:1": "http://localhost:1",
		"https://portal.example.org/": "https://portal.example.org", "http://portal.example.org": "", "http://10.0.0.1:8080": "", "": "", "ftp://127.0.0.1": "",
	} {
		for kind, page := range map[integration.Kind]string{
			integration.KindMember: "/members/" + id, integration.KindOrganization: "/organizations/" + id, integration.KindEvent: "/events/" + id,
			integration.KindCourse: "/courses/" + id, integration.KindTicket: "/tickets/" + id, integration.KindMembership: "", "": "",
		} {
			link := want + page
			if want == "" || page == "" {
				link = ""
			}
			if got := ports.NewLinks(base).Link("any", integration.Ref{Kind: kind, Key: id}); got != link {
				t.Errorf("%q, %s: %q, want %q", base, kind, got, link)
			}
		}
	}
	if got := ports.NewLinks("https://a.example.org").Link("any", integration.Ref{Kind: integration.KindMember, Key: "../signout"}); got != "" {
		t.Errorf("a malformed key: %q", got)
	}
}

func TestCalendarAndPlans(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	cal := ports.NewCalendar(h.DB)
	if zone, err := cal.TimeZone(t.Context(), h.One); err != nil || zone.String() != "Australia/Sydney" {
		t.Errorf("%v, %v", zone, err)
	}
	for _, id := range []string{uuid.NewString(), "x"} {
		if zone, err := cal.TimeZone(t.Context(), id); err == nil {
			t.Errorf("a client that there is not lives in %v", zone)
		}
	}
	plans, err := ports.NewPlans(h.DB).Plans(t.Context(), h.One)
	if err != nil || len(plans) != 2 || plans[0].Label != "Standard" || plans[1].Label != "Professional" || !integration.ValidUUID(plans[0].Value) {
		t.Errorf("%+v, %v", plans, err)
	}
	if foreign, err := ports.NewPlans(h.DB).Plans(t.Context(), uuid.NewString()); err != nil || len(foreign) != 0 {
		t.Errorf("%+v, %v", foreign, err)
	}
}
