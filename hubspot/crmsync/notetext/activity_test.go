package notetext_test

import (
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/integration"
)

const id = "00000000-0000-4000-8000-000000000007"

func TestActivity(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 5, 14, 22, 30, 0, 0, time.UTC)
	on := integration.Date{Year: 2027, Month: 5, Day: 31}
	for name, c := range map[string]struct {
		a    integration.Activity
		o    notetext.Options
		want string
	}{
		"renewed": {
			integration.Activity{ID: id, Type: integration.MembershipRenewed, MemberID: id, OccurredAt: at, Name: "Gold", On: on},
			notetext.Options{Zone: berlin},
			"<p><strong>Membership renewed</strong>: Gold</p><p>Now until: 31 May 2027</p><p>15 May 2026, 00:30 CEST</p>",
		},
		"upgraded, with link and mark": {
			integration.Activity{ID: id, Type: integration.MembershipUpgraded, OccurredAt: at, Name: "Gold & <b>Silver</b>", From: `"Bronze"`},
			notetext.Options{Link: "https://club.example/m?a=1&b='", Ref: id},
			`<p><strong>Membership upgraded</strong>: Gold &amp; &lt;b&gt;Silver&lt;/b&gt;</p><p>Before: &#34;Bronze&#34;</p><p>14 May 2026, 22:30 UTC</p>` +
				`<p><a href="https://club.example/m?a=1&amp;b=&#39;">Open the membership</a></p><p>ref: ` + id + `</p>`,
		},
		"no name, a link that is not safe": {
			integration.Activity{ID: id, Type: integration.CourseCompleted, OccurredAt: at},
			notetext.Options{Link: "javascript:alert(1)"},
			"<p><strong>Completed a course</strong></p><p>14 May 2026, 22:30 UTC</p>",
		},
		"a zone with a name of its own": {
			integration.Activity{ID: id, Type: integration.EventNoShow, OccurredAt: at, Name: "a\x00\u202eb\xff\nc"},
			notetext.Options{Zone: time.FixedZone("<i>", 3600)},
			"<p><strong>Did not come to an event</strong>: ab<br>c</p><p>14 May 2026, 23:30 &lt;i&gt;</p>",
		},
	} {
		if got := notetext.Activity(c.a, c.o); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestEveryActivityHasItsWords(t *testing.T) {
	t.Parallel()
	seen := map[string]integration.ActivityType{}
	for _, kind := range integration.ActivityTypes() {
		got := notetext.Activity(integration.Activity{ID: id, Type: kind, OccurredAt: time.Unix(0, 0)}, notetext.Options{})
		if other, taken := seen[got]; taken || strings.Contains(got, ">Activity<") {
			t.Errorf("%s and %s read alike: %s", kind, other, got)
		}
		seen[got] = kind
	}
}
