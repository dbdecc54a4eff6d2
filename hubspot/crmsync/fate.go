package crmsync

import (
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// fate is how a delivery of a pass ends. It implements [line].
type fate struct {
	settled bool
	outcome outbox.Outcome
	record  record
	tried   bool // HubSpot was asked to write it, and has not answered
	unknown bool // it may have been written
}

func (f *fate) trying() { f.tried = true }

func (f *fate) done(c code) {
	f.settled, f.outcome = true, outbox.Delivered()
	f.record = record{status: integration.SyncSynced, code: c}
}

func (f *fate) exclude(c code) {
	f.settled, f.outcome = true, outbox.Discard(string(c))
	f.record = record{status: integration.SyncExcluded, code: c}
}

func (f *fate) wait(kind, key string, c code) {
	f.settled, f.outcome = true, outbox.Wait(kind, key, string(c))
	f.record = record{status: integration.SyncPending, code: c}
}

func (f *fate) put(c code, after time.Duration) {
	f.settled, f.outcome = true, outbox.Retry(classTransient, string(c), after)
	f.record = record{status: integration.SyncPending, code: c}
}

func (f *fate) fail(why failure) {
	f.settled, f.outcome = true, why.verdict()
	f.unknown = f.unknown || why.unknown
	f.record = record{status: integration.SyncPending, code: why.code, properties: why.properties, otherID: why.otherID,
		detail: why.detail, correlation: why.correlation}
	if why.hold {
		f.record.status = integration.SyncFailed
	}
}

// close ends what is still under way: it waits with its tenant, is set aside
// with its feature, or is tried again.
func (f *fate) close(o *outing) {
	switch {
	case f.settled:
	case o.stop != nil:
		f.unknown = f.unknown || f.tried && o.stop.unknown
		f.settled, f.outcome, f.record = true, outbox.Snooze(), record{}
	case o.off != nil:
		f.fail(*o.off)
		f.outcome = outbox.Hold(classFeature, string(o.off.code))
	default:
		f.put(codeUnconfirmed, 0)
	}
}
