package tickets_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

func TestTicketLife(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	m, other := h.Member(t, h.One, "ada@example.org"), h.Member(t, h.One, "")
	h.Recorded(t)
	k, err := h.Tickets.Open(ctx, h.One, check.Values{"subject": "Invoice", "description": "Two\nlines", "memberId": m.ID})
	if err != nil || k.Number != "T-1001" || k.Status != "open" || k.Name != "Ada Byron" || len(k.History) != 1 {
		t.Fatalf("%+v, %v", k, err)
	}
	recorded := func(what, subject string) {
		t.Helper()
		all := h.Recorded(t)
		if subject == "none" && len(all) == 0 {
			return
		}
		if len(all) != 1 || all[0].Ref != k.Ref() || all[0].Subject != subject {
			t.Errorf("%s: recorded %+v", what, all)
		}
	}
	recorded("opening", m.ID)
	change := func(v check.Values, reply *tickets.Reply) {
		t.Helper()
		if k, err = h.Tickets.Change(ctx, h.One, k.ID, v, reply); err != nil {
			t.Fatal(err)
		}
	}
	change(check.Values{"status": "in progress"}, &tickets.Reply{Text: "Looking into it."})
	recorded("status and reply", m.ID)
	if len(k.History) != 2 || k.History[1].Status != "in progress" || len(k.Replies) != 1 || k.Replies[0].Public {
		t.Errorf("%+v", k)
	}
	change(check.Values{"status": "in progress", "subject": "Invoice"}, nil)
	recorded("the same again", "none")
	change(check.Values{}, &tickets.Reply{Text: "Paid.", Public: true})
	recorded("a reply", m.ID)
	change(check.Values{"memberId": other.ID}, nil)
	recorded("another member", other.ID)
	change(check.Values{"memberId": "", "subject": "Invoice 7"}, nil)
	recorded("nobody", "")
	if len(k.History) != 2 || len(k.Replies) != 2 || !k.Replies[1].Public || k.MemberID != "" || k.Subject != "Invoice 7" {
		t.Errorf("%+v", k)
	}
	if page, err := h.Tickets.List(ctx, h.One, tickets.Query{Status: "open"}); err != nil || page.Total != 0 {
		t.Errorf("open ones: %+v, %v", page, err)
	}
}

func TestNumbersAreTheClients(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	var wg sync.WaitGroup
	for range 5 {
		for _, c := range []string{h.One, h.Two} {
			wg.Go(func() {
				if _, err := h.Tickets.Open(t.Context(), c, check.Values{"subject": "X", "name": "Jo"}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	for _, c := range []string{h.One, h.Two} {
		page, err := h.Tickets.List(t.Context(), c, tickets.Query{})
		if err != nil || page.Total != 5 || page.Items[0].Number != "T-1005" || page.Items[4].Number != "T-1001" {
			t.Errorf("%+v, %v", page, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	foreign := h.Member(t, h.Two, "")
	k, err := h.Tickets.Open(ctx, h.One, check.Values{"subject": "X", "name": "Jo", "email": "jo@example.org"})
	if err != nil || k.Name != "Jo" {
		t.Fatalf("%+v, %v", k, err)
	}
	h.Recorded(t)
	open := func(v check.Values) error { _, err := h.Tickets.Open(ctx, h.One, v); return err }
	change := func(v check.Values, r *tickets.Reply) error {
		_, err := h.Tickets.Change(ctx, h.One, k.ID, v, r)
		return err
	}
	for name, c := range map[string]struct {
		err    error
		status int
		field  string
	}{
		"no subject":       {open(check.Values{}), 422, "subject"},
		"a foreign member": {open(check.Values{"subject": "X", "memberId": foreign.ID}), 422, "memberId"},
		"no such member":   {change(check.Values{"memberId": uuid.NewString()}, nil), 422, "memberId"},
		"unknown status":   {change(check.Values{"status": "lost"}, nil), 422, "status"},
		"no subject left":  {change(check.Values{"subject": " "}, nil), 422, "subject"},
		"an empty reply":   {change(check.Values{"status": "closed"}, &tickets.Reply{Text: " "}), 422, "reply"},
		"the CRM's id":     {change(check.Values{"crmId": "1"}, nil), 422, "crmId"},
		"another client": {func() error {
			_, err := h.Tickets.Change(ctx, h.Two, k.ID, check.Values{"status": "closed"}, nil)
			return err
		}(), 404, ""},
	} {
		t.Run(name, func(t *testing.T) { hosttest.WantProblem(t, c.err, c.status, c.field) })
	}
	h.Recorder.Refuse(true)
	if err := change(check.Values{"status": "closed"}, &tickets.Reply{Text: "Bye"}); err == nil {
		t.Error("a change without its record was made")
	}
	h.Tells(t, "refusals", nil)
	if got, err := h.Tickets.Get(ctx, h.One, k.ID); err != nil || got.Status != "open" || len(got.Replies) != 0 || len(got.History) != 1 || !got.UpdatedAt.Equal(k.UpdatedAt) {
		t.Errorf("left behind: %+v, %v", got, err)
	}
}
