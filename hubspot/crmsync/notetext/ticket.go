package notetext

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// How much of a ticket a note shows.
const (
	numberLimit  = 200
	statusLimit  = 200
	subjectLimit = 1000
	replyLimit   = 4000
	historyRoom  = 20_000
	repliesRoom  = 32_000
)

// Ticket is the note of a support ticket: its number, its status as the host
// calls it, how it came to that, and, if wanted, its subject and its public
// replies. What the host has marked internal is not looked at.
func Ticket(t integration.Ticket, o Options) string {
	p := &paper{o: o}
	p.raw("<p><strong>Support ticket ")
	p.text(t.Number, numberLimit)
	p.raw("</strong></p>")
	if o.Subject && t.Subject != "" {
		p.raw("<p>Subject: ")
		p.text(t.Subject, subjectLimit)
		p.raw("</p>")
	}
	p.raw("<p>Status: ")
	p.text(t.Status, statusLimit)
	p.raw("</p>")
	p.list("History", p.history(t), historyRoom)
	if o.Replies {
		p.list("Replies", p.replies(t), repliesRoom)
	}
	return p.end("Open the ticket in MemberPulse")
}

// line is one entry of a list.
type line struct {
	at    time.Time
	text  string
	limit int
}

func (p *paper) history(t integration.Ticket) []line {
	lines := make([]line, len(t.History))
	for i, c := range t.History {
		lines[i] = line{c.At, c.Status, statusLimit}
	}
	return lines
}

func (p *paper) replies(t integration.Ticket) []line {
	var lines []line
	for _, r := range t.Replies {
		if r.Public {
			lines = append(lines, line{r.At, r.Text, replyLimit})
		}
	}
	return lines
}

// list writes lines by time, the newest ones if there is no room for all.
func (p *paper) list(title string, lines []line, room int) {
	if len(lines) == 0 {
		return
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.text, b.text)) })
	items := make([]string, 0, len(lines))
	for _, l := range slices.Backward(lines) {
		one := paper{o: p.o}
		one.raw("<li>")
		one.moment(l.at)
		one.raw(": ")
		one.text(l.text, l.limit)
		one.raw("</li>")
		if one.n > room {
			break
		}
		room -= one.n
		items = append(items, one.b.String())
		p.n += one.n
	}
	p.raw("<p>" + title + ":</p><ul>")
	if left := len(lines) - len(items); left > 0 {
		p.raw("<li>" + strconv.Itoa(left) + " earlier left out</li>")
	}
	for _, item := range slices.Backward(items) {
		p.b.WriteString(item)
	}
	p.raw("</ul>")
}
