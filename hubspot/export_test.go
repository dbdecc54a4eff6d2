package hubspot

import (
	"net/http"
	"time"
)

// What pure functions promise is tested on them directly.
var (
	DecodeError   = decodeError
	NextMidnight  = nextMidnight
	CodeWord      = codeWord
	SubCategory   = subCategoryWord
	PropertyWord  = propertyWord
	ScopeWord     = scopeWord
	RecordID      = recordID
	CorrelationID = correlationID
	Fold          = fold
	WordsFor      = wordsFor
	MessageFor    = messageFor
)

// MaxReply is how much of a 2xx is read.
const MaxReply = maxReply

// Window is a rate-limit window on a clock of the test's.
type Window struct{ w *window }

// NewWindow returns a full window.
func NewWindow(now time.Time, l Limits, reserve float64) Window {
	return Window{newWindow(now, l, reserve)}
}

// Take takes a call that may go out at once, or says how long it would wait.
func (w Window) Take(now time.Time, console bool) time.Duration {
	t := w.w.take(now, console)
	if t.wait > 0 {
		t.cancel(now)
	}
	return t.wait
}

// Lower tells what HubSpot says is left.
func (w Window) Lower(now time.Time, remaining int) { w.w.lower(now, remaining) }

// NewAuth is the layer that adds the token, on its own.
func NewAuth(token func() string, host string, next http.RoundTripper) http.RoundTripper {
	return newAuth(token, host, next)
}
