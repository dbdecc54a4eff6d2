package console

import (
	"html/template"
	"strings"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/integration"
)

// icon returns a drawing whose outline, not only its colour, tells states
// apart. It is always beside the word that it stands for.
func icon(name string) template.HTML {
	drawing, ok := map[string]string{
		"ok":       `<circle cx="8" cy="8" r="7" class="ic-fill"/><path d="m4.8 8.2 2.2 2.2 4.3-4.6" class="ic-line"/>`,
		"degraded": `<path d="M8 1.2 15.3 14.4H.7Z" class="ic-fill"/><path d="M8 6v4" class="ic-line"/><circle cx="8" cy="12" r=".9" class="ic-dot"/>`,
		"failing":  `<path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z" class="ic-fill"/><path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" class="ic-line"/>`,
		"paused":   `<rect x="1" y="1" width="14" height="14" rx="3" class="ic-fill"/><path d="M6 5v6m4-6v6" class="ic-line"/>`,
		"waiting":  `<circle cx="8" cy="8" r="6.5" class="ic-ring"/><path d="M8 4.3V8l2.6 1.8" class="ic-ring"/>`,
		"off":      `<circle cx="8" cy="8" r="6.5" class="ic-ring"/>`,
		"excluded": `<circle cx="8" cy="8" r="6.5" class="ic-ring"/><path d="M4.8 8h6.4" class="ic-ring"/>`,
		"add":      `<circle cx="8" cy="8" r="6.5" class="ic-ring"/><path d="M8 4.9v6.2M4.9 8h6.2" class="ic-ring"/>`,
		"unknown":  `<circle cx="8" cy="8" r="6.5" class="ic-ring"/><path d="M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.6.2-.8.6-.8 1.1" class="ic-ring"/><circle cx="8" cy="11.6" r=".8" class="ic-dot2"/>`,
	}[name]
	if !ok {
		return ""
	}
	return template.HTML(`<svg class="ic-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">` + drawing + `</svg>`)
}

// stateMark is a state in a word and the shape beside it.
type stateMark struct{ Shape, Tone, Word string }

// stateOf names the state of a sync record or of a line of a checklist.
func stateOf(state any) stateMark {
	var word string
	switch s := state.(type) {
	case string:
		word = s
	case integration.SyncStatus:
		word = string(s)
		if s == integration.SyncFailed {
			return stateMark{"failing", "stop", "Needs attention"}
		}
	}
	m, ok := map[string]stateMark{
		"synced":   {"ok", "ok", "In sync"},
		"failed":   {"failing", "stop", "Failed"},
		"pending":  {"waiting", "wait", "Waiting"},
		"excluded": {"excluded", "off", "Not included"},
		"ok":       {"ok", "ok", "OK"},
		"missing":  {"add", "wait", "Will be created"},
		"unknown":  {"unknown", "off", "Cannot be proven yet"},
		"skipped":  {"excluded", "off", "Skipped"},
	}[word]
	if !ok {
		return stateMark{"unknown", "off", word}
	}
	return m
}

// initial is the first letter of a name, for the square that stands for a logo.
func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	if r == utf8.RuneError {
		return ""
	}
	return strings.ToUpper(string(r))
}

// dict gives a template several named values: key, value, key, value.
func dict(pairs ...any) map[string]any {
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out
}
