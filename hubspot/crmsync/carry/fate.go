package carry

import (
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Fate is how a delivery of a pass ends. It implements [line].
type Fate struct {
	Settled bool
	Outcome outbox.Outcome
	Record  ledger.Record
	Tried   bool // HubSpot was asked to write it, and has not answered
	Unknown bool // it may have been written
}

// Trying notes that HubSpot is being asked to write it.
func (f *Fate) Trying() { f.Tried = true }

// Done ends it in sync; c is what there is to say about it, "" = nothing.
func (f *Fate) Done(c verdict.Code) {
	f.Settled, f.Outcome = true, outbox.Delivered()
	f.Record = ledger.Record{Status: integration.SyncSynced, Code: c}
}

// Exclude ends it: it is not sent, for this reason.
func (f *Fate) Exclude(c verdict.Code) {
	f.Settled, f.Outcome = true, outbox.Discard(string(c))
	f.Record = ledger.Record{Status: integration.SyncExcluded, Code: c}
}

// Wait sets it aside until the delivery of another key is settled.
func (f *Fate) Wait(kind, key string, c verdict.Code) {
	f.Settled, f.Outcome = true, outbox.Wait(kind, key, string(c))
	f.Record = ledger.Record{Status: integration.SyncPending, Code: c}
}

// Put sets it aside for another try later; 0 leaves the pause to the outbox.
func (f *Fate) Put(c verdict.Code, after time.Duration) {
	f.Settled, f.Outcome = true, outbox.Retry(verdict.ClassTransient, string(c), after)
	f.Record = ledger.Record{Status: integration.SyncPending, Code: c}
}

// Fail settles it with what a refusal of it means.
func (f *Fate) Fail(why verdict.Failure) {
	f.Settled, f.Outcome = true, why.Outcome()
	f.Unknown = f.Unknown || why.Unknown
	f.Record = ledger.Record{Status: integration.SyncPending, Code: why.Code, Properties: why.Properties, OtherID: why.OtherID,
		Detail: why.Detail, Correlation: why.Correlation}
	if why.Hold {
		f.Record.Status = integration.SyncFailed
	}
}

// Close ends what is still under way: it waits with its tenant, is set aside
// with its feature, or is tried again.
func (f *Fate) Close(o *Outing) {
	switch {
	case f.Settled:
	case o.Stop != nil:
		f.Unknown = f.Unknown || f.Tried && o.Stop.Unknown
		f.Settled, f.Outcome, f.Record = true, outbox.Snooze(), ledger.Record{}
	case o.off != nil:
		f.Fail(*o.off)
		f.Outcome = outbox.Hold(classFeature, string(o.off.Code))
	default:
		f.Put(verdict.Unconfirmed, 0)
	}
}
