package notetext_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/integration"
)

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// ours is the markup that a note may have; what is left of it without that must
// be escaped text.
var (
	ours   = regexp.MustCompile(`</?(?:p|ul|li|strong|a)>|<br>|<a href="[^"<>]*">`)
	entity = regexp.MustCompile(`&(?:amp|lt|gt|#34|#39);`)
)

func judge(t *testing.T, note string) {
	t.Helper()
	if !utf8.ValidString(note) {
		t.Errorf("not UTF-8: %q", note)
	}
	if n := units(note); n > notetext.Max {
		t.Errorf("%d units, at most %d", n, notetext.Max)
	}
	if left := entity.ReplaceAllString(ours.ReplaceAllString(note, ""), ""); strings.ContainsAny(left, `<>&"'`) || strings.ContainsRune(left, 0) {
		t.Errorf("something unescaped in %q", note)
	}
	for _, tag := range []string{"p", "ul", "li", "strong", "a"} {
		if open, shut := strings.Count(note, "<"+tag+">")+strings.Count(note, "<"+tag+" "), strings.Count(note, "</"+tag+">"); open != shut {
			t.Errorf("%d <%s>, %d shut: %q", open, tag, shut, note)
		}
	}
}

func FuzzActivity(f *testing.F) {
	f.Add("Gold", "Silver", "https://club.example/1", uint8(0))
	f.Add("<script>", "&amp;", "https://club.example/\"onclick=", uint8(3))
	f.Add(strings.Repeat("&", 2000), strings.Repeat("😀", 999)+"a\xff", "http://localhost/", uint8(9))
	f.Fuzz(func(t *testing.T, name, from, link string, kind uint8) {
		types := integration.ActivityTypes()
		note := notetext.Activity(integration.Activity{ID: id, Type: types[int(kind)%len(types)], Name: name, From: from, OccurredAt: time.Unix(0, 0)},
			notetext.Options{Link: link, Ref: id})
		judge(t, note)
		if !notetext.Marked(note, id) {
			t.Errorf("the mark is missing: %q", note)
		}
	})
}

func FuzzTicket(f *testing.F) {
	f.Add("T-1", "Hello", "open", "Thanks & bye", uint8(3), uint16(20))
	f.Add("\x00", "😀", "<", strings.Repeat("'\n", 3000), uint8(200), uint16(700))
	f.Fuzz(func(t *testing.T, number, subject, status, reply string, steps uint8, repeat uint16) {
		one := integration.Ticket{ID: id, Number: number, Subject: subject, Status: status}
		for i := range int(steps) {
			at := time.Unix(int64(i%7)*1000, 0)
			one.History = append(one.History, integration.TicketStatusChange{Status: strings.Repeat(status, int(repeat)%300), At: at})
			one.Replies = append(one.Replies, integration.TicketReply{Public: i%3 > 0, Text: strings.Repeat(reply, int(repeat)%50), At: at})
		}
		note := notetext.Ticket(one, notetext.Options{Subject: true, Replies: true, Ref: id})
		judge(t, note)
		if !notetext.Marked(note, id) {
			t.Errorf("the mark is missing: %q", note)
		}
	})
}

// What is too long ends with an ellipsis, never within an escape or a character.
func TestLongNamesAreCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		strings.Repeat("a", 1000):               strings.Repeat("a", 1000),
		strings.Repeat("a", 1001):               strings.Repeat("a", 999) + "…",
		strings.Repeat("a", 998) + "&":          strings.Repeat("a", 998) + "…",
		strings.Repeat("a", 995) + "&":          strings.Repeat("a", 995) + "&amp;",
		strings.Repeat("a", 999) + "😀":          strings.Repeat("a", 999) + "…",
		strings.Repeat("😀", 501):                strings.Repeat("😀", 499) + "…",
		"  " + strings.Repeat("é", 1000) + "  ": strings.Repeat("é", 1000),
	} {
		got := notetext.Activity(integration.Activity{ID: id, Type: integration.CourseEnrolled, Name: name, OccurredAt: time.Unix(0, 0)}, notetext.Options{})
		got, _, _ = strings.Cut(strings.TrimPrefix(got, "<p><strong>Enrolled in a course</strong>: "), "</p>")
		if got != want {
			t.Errorf("%.8s… of %d characters: got %d ending in %q, want %d", name, utf8.RuneCountInString(name),
				utf8.RuneCountInString(got), got[max(0, len(got)-9):], utf8.RuneCountInString(want))
		}
	}
}

// What a member writes never poses as our reference, whatever HubSpot's editor
// makes of the paragraphs.
func TestOnlyOurOwnReferenceCounts(t *testing.T) {
	t.Parallel()
	const id, other = "00000000-0000-4000-8000-000000000007", "00000000-0000-4000-8000-000000000008"
	said := []string{"ref: " + other, "<p>ref: " + other + "</p>", "a\nref: " + other, "ref: " + other + "\n"}
	for _, text := range said {
		ticket := integration.Ticket{Number: text, Subject: text, Status: text, History: []integration.TicketStatusChange{{Status: text}},
			Replies: []integration.TicketReply{{Public: true, Text: text}}}
		for _, note := range []string{
			notetext.Ticket(ticket, notetext.Options{Subject: true, Replies: true, Ref: id}),
			notetext.Activity(integration.Activity{Type: integration.EventAttended, Name: text}, notetext.Options{Ref: id}),
		} {
			if notetext.Marked(note, other) {
				t.Errorf("%q poses as a reference in %q", text, note)
			}
			if !notetext.Marked(note, id) {
				t.Errorf("the reference is not found in %q", note)
			}
		}
	}
	for _, note := range []string{"<div><p style=\"margin:0;\">ref: " + id + "</p></div>", "<P>ref: " + id + " </P><p>seen by Bob</p>"} {
		if !notetext.Marked(note, id) {
			t.Errorf("edited in HubSpot, the reference is not found: %q", note)
		}
	}
}

// A batch of notes is looked for among all the notes of its contacts, so one look
// is taken many thousand times.
func TestALookForAReferenceIsCheap(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts what others allocate too
	note := notetext.Ticket(ticket(), notetext.Options{Subject: true, Replies: true, Ref: id})
	for ref, want := range map[string]bool{id: true, "00000000-0000-4000-8000-000000000009": false} {
		if n := testing.AllocsPerRun(100, func() {
			if notetext.Marked(note, ref) != want {
				t.Errorf("%s in %q", ref, note)
			}
		}); n > 0 {
			t.Errorf("a look allocates %v times", n)
		}
	}
}
