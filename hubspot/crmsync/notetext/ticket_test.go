package notetext_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/integration"
)

func ticket() integration.Ticket {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	return integration.Ticket{
		ID: id, Number: "T-4711", Subject: "Where is my <card>?", Status: "waiting", MemberID: id, CreatedAt: at,
		History: []integration.TicketStatusChange{{Status: "waiting", At: at.Add(3 * time.Hour)}, {Status: "open", At: at}, {Status: "in progress & hot", At: at.Add(time.Hour)}},
		Replies: []integration.TicketReply{
			{Public: true, At: at.Add(2 * time.Hour), Text: "It is\non its way"},
			{At: at.Add(time.Hour), Text: "a difficult customer"},
			{Public: true, At: at.Add(time.Hour), Text: "We look into it"},
		},
	}
}

const (
	ticketHead  = "<p><strong>Support ticket T-4711</strong></p>"
	ticketState = "<p>Status: waiting</p><p>History:</p><ul><li>2 November 2026, 09:00 UTC: open</li><li>2 November 2026, 10:00 UTC: in progress &amp; hot</li>" +
		"<li>2 November 2026, 12:00 UTC: waiting</li></ul>"
)

func TestTicket(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o    notetext.Options
		want string
	}{
		"nothing personal by default": {notetext.Options{}, ticketHead + ticketState},
		"subject, link and mark": {
			notetext.Options{Subject: true, Link: "http://127.0.0.1:8080/tickets/1", Ref: id},
			ticketHead + "<p>Subject: Where is my &lt;card&gt;?</p>" + ticketState +
				`<p><a href="http://127.0.0.1:8080/tickets/1">Open the ticket in MemberPulse</a></p><p>ref: ` + id + "</p>",
		},
		"public replies only": {
			notetext.Options{Replies: true},
			ticketHead + ticketState + "<p>Replies:</p><ul><li>2 November 2026, 10:00 UTC: We look into it</li><li>2 November 2026, 11:00 UTC: It is<br>on its way</li></ul>",
		},
	} {
		if got := notetext.Ticket(ticket(), c.o); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestTicketReadsAlikeInAnyOrder(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	o := notetext.Options{Subject: true, Replies: true}
	one := ticket()
	at := one.CreatedAt
	for i := range 20 { // many at one moment
		one.History = append(one.History, integration.TicketStatusChange{Status: fmt.Sprint("step ", i%7), At: at})
		one.Replies = append(one.Replies, integration.TicketReply{Public: i%3 > 0, Text: fmt.Sprint("reply ", i), At: at})
	}
	want := notetext.Ticket(one, o)
	for range 50 {
		rng.Shuffle(len(one.History), func(i, j int) { one.History[i], one.History[j] = one.History[j], one.History[i] })
		rng.Shuffle(len(one.Replies), func(i, j int) { one.Replies[i], one.Replies[j] = one.Replies[j], one.Replies[i] })
		if got := notetext.Ticket(one, o); got != want {
			t.Fatalf("another order reads otherwise:\n got %s\nwant %s", got, want)
		}
	}
}

func TestLongTicketKeepsItsNewest(t *testing.T) {
	t.Parallel()
	one := ticket()
	for i := range 500 {
		one.Replies = append(one.Replies, integration.TicketReply{Public: true, Text: fmt.Sprintf("reply %d %s", i, strings.Repeat("&", 5000)), At: one.CreatedAt.Add(time.Duration(i) * 24 * time.Hour)})
		one.History = append(one.History, integration.TicketStatusChange{Status: strings.Repeat("<", 100) + fmt.Sprint(i), At: one.CreatedAt.Add(time.Duration(i) * 24 * time.Hour)})
	}
	got := notetext.Ticket(one, notetext.Options{Subject: true, Replies: true, Ref: id})
	if n := units(got); n > notetext.Max {
		t.Errorf("%d units, at most %d", n, notetext.Max)
	}
	if !strings.Contains(got, "reply 499 ") || strings.Contains(got, "reply 0 ") || !strings.Contains(got, " earlier left out") {
		t.Errorf("the newest reply is missing, or the oldest is there: %.300s", got)
	}
	if !notetext.Marked(got, id) || notetext.Marked(got, "00000000-0000-4000-8000-000000000008") || notetext.Marked(got, "") {
		t.Error("the mark is cut")
	}
}
