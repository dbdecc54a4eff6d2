package console_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/integration/console"
)

func TestProse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                  "",
		"One.\nTwo.\n\nThree.":              "<p>One. Two.</p><p>Three.</p>",
		"Do:\n1. First\n2) Then":            "<p>Do:</p><ol><li>First</li><li>Then</li></ol>",
		"- a\n- b\nEnd":                     "<ul><li>a</li><li>b</li></ul><p>End</p>",
		`<script>"x"</script> &`:            "<p>&lt;script&gt;&#34;x&#34;&lt;/script&gt; &amp;</p>",
		"See https://a.example/b?c=1&d=2.":  `<p>See <a href="https://a.example/b?c=1&amp;d=2" target="_blank" rel="noopener noreferrer">a.example/b?c=1&amp;d=2</a>.</p>`,
		`https://a.example/"onclick=x`:      `<p><a href="https://a.example/" target="_blank" rel="noopener noreferrer">a.example/</a>&#34;onclick=x</p>`,
		"http://plain.example javascript:x": "<p>http://plain.example javascript:x</p>",
	} {
		if got := string(console.Prose(text)); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"":                                       {"", ""},
		"Two people, one address":                {"Two people, one address", ""},
		"It failed. Nothing was written. Retry.": {"It failed.", "Nothing was written. Retry."},
		"Status 1.5 is not known. Ask the operator.": {"Status 1.5 is not known.", "Ask the operator."},
	} {
		if head, rest := console.Headline(text), console.Remainder(text); head != want[0] || rest != want[1] {
			t.Errorf("%q: %q, %q", text, head, rest)
		}
	}
}
