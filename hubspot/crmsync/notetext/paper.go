package notetext

import (
	"html"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Max is the length of the longest note, in the units that HubSpot may count
// (UTF-16), after escaping: well below its limit of 65,536.
const Max = 60_000

// Options say how a note is written.
type Options struct {
	// Zone is the tenant's time zone. Nil means UTC.
	Zone *time.Location
	// Link leads to what the note is about. One that is not Safe is left out.
	Link string
	// Ref is the id by which the note is found again, "" for none: see Marked.
	Ref string
	// Subject and Replies let a ticket's subject and its public replies leave.
	Subject, Replies bool
}

// Marked reports whether a note that HubSpot returned carries a Ref: a paragraph
// of its own, which nothing that members write can be.
func Marked(body, ref string) bool {
	if ref == "" {
		return false
	}
	for {
		before, after, found := strings.Cut(body, ref)
		if !found {
			return false
		}
		markup, marked := strings.CutSuffix(before, markerWord)
		rest := strings.TrimLeftFunc(after, unicode.IsSpace)
		if marked && opensParagraph(markup) && (rest == "" || rest[0] == '<') {
			return true
		}
		body = after
	}
}

// opensParagraph reports whether markup ends with the start of a paragraph, as we
// wrote it or as HubSpot's editor has it by now.
func opensParagraph(s string) bool {
	s, tag := strings.CutSuffix(strings.TrimRightFunc(s, unicode.IsSpace), ">")
	from := strings.LastIndexByte(s, '<')
	if !tag || from < 0 {
		return false
	}
	name := s[from+1:]
	if end := strings.IndexFunc(name, unicode.IsSpace); end >= 0 {
		name = name[:end]
	}
	return strings.EqualFold(name, "p") || strings.EqualFold(name, "div") || strings.EqualFold(name, "span")
}

const markerWord = "ref: "

// paper is a note in the making. It counts what is on it.
type paper struct {
	b strings.Builder
	n int
	o Options
}

// raw writes markup of ours.
func (p *paper) raw(s string) {
	p.b.WriteString(s)
	p.n += len(s) // ASCII
}

// text writes what somebody typed, escaped, at most limit units of it. It ends
// with an ellipsis if there is more, never within a character or its escape.
func (p *paper) text(s string, limit int) {
	s, n := escaped(s, limit)
	p.b.WriteString(s)
	p.n += n
}

// escaped returns s as HTML of at most limit units, and its length in units.
func escaped(s string, limit int) (string, int) {
	const more = "…"
	var b strings.Builder
	n, cut, at := 0, 0, 0 // cut, at: where an ellipsis still fits
	for _, r := range strings.TrimSpace(strings.ToValidUTF8(s, "")) {
		piece, length := escape(r)
		if n+length > limit {
			if limit < 1 {
				return "", 0
			}
			return b.String()[:cut] + more, at + 1
		}
		b.WriteString(piece)
		n += length
		if n < limit {
			cut, at = b.Len(), n
		}
	}
	return b.String(), n
}

// escape returns one character as HTML, and its length in units. Characters
// that cannot be seen are left out.
func escape(r rune) (string, int) {
	switch {
	case r == '\n':
		return "<br>", 4
	case r == '\t':
		return " ", 1
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\uFEFF', r >= 0xFFF0 && r < 0xFFFD, r&0xFFFE == 0xFFFE:
		return "", 0
	}
	s := html.EscapeString(string(r))
	if len(s) > utf8.RuneLen(r) {
		return s, len(s)
	}
	if r > 0xFFFF {
		return s, 2
	}
	return s, 1
}

// end closes the note with its link and its mark.
func (p *paper) end(linkText string) string {
	if Safe(p.o.Link) {
		p.raw(`<p><a href="`)
		p.raw(html.EscapeString(p.o.Link))
		p.raw(`">` + linkText + `</a></p>`)
	}
	if ref := p.o.Ref; ref != "" {
		p.raw("<p>" + markerWord)
		p.text(ref, 64)
		p.raw("</p>")
	}
	return p.b.String()
}

// moment writes a time as people of the tenant read it.
func (p *paper) moment(t time.Time) {
	zone := p.o.Zone
	if zone == nil {
		zone = time.UTC
	}
	p.text(t.In(zone).Format("2 January 2006, 15:04 MST"), 64)
}

func day(d integration.Date) string {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format("2 January 2006")
}
