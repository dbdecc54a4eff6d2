package crmsync

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/lists"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/matching"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Status implements [integration.Reporter]. It reads our tables and the host's
// count, and calls nobody else: the page works while HubSpot is down.
func (s *Syncer) Status(ctx context.Context, clientID string) (integration.Status, error) {
	now := s.Now()
	v, err := s.view(ctx, clientID)
	if err != nil {
		return integration.Status{}, inspect.StoreFault(err)
	}
	opts := s.optionsOn(ctx, clientID)
	if !opts.Companies {
		v.matching = matching.Counts{} // it rests
	}
	v.parked = slices.DeleteFunc(v.parked, func(p parkedProperty) bool {
		return p.Object == propertymap.Contact && !opts.Contacts || p.Object == propertymap.Company && !opts.Companies
	})
	conn, tally, backlog, run := v.conn, v.tally, v.backlog, v.run
	st := integration.Status{Connected: conn.Connected, Paused: backlog.Paused, LastSyncAt: tally.lastSync,
		Errors: []integration.StatusError{}}
	st.Members = tally.members(v.total)
	st.Pending = backlog.Waiting + backlog.Retrying + backlog.WaitingForKey + v.matching.Underway
	if !backlog.Oldest.IsZero() {
		st.OldestUnsentSeconds = max(0, int(now.Sub(backlog.Oldest).Seconds()))
	}
	if v.ran && !run.Cancelled {
		r := run.progress(backlog.Backfill, now)
		st.Run = &r
	}
	if opts.EventsOn() {
		if v.host[kinds.EntityEvent], err = s.Source.Count(ctx, clientID, integration.KindEvent); err != nil {
			return integration.Status{}, inspect.StoreFault(err)
		}
	}
	if opts.Contacts && opts.Tickets {
		if v.host[kinds.EntityNote], err = s.Source.Count(ctx, clientID, integration.KindTicket); err != nil {
			return integration.Status{}, inspect.StoreFault(err)
		}
	}
	f := factsOf(conn, backlog, st, opts, now)
	st.Features = featuresOf(opts, conn.Connected, v.counts, v.tags, v.host, v.lists)
	tellUndecided(st.Features, v.matching.Undecided)
	tellTagsConfirmed(st.Features, v.gate, v.ran && run.FinishedAt == nil || backlog.Backfill > 0)
	tellTagsParked(st.Features, opts, v.parked)
	if conn.Connected {
		f.needs, f.undecided = needsOf(v.counts, v.stuck, s.entityOf, lists.Troubled(opts, v.lists)), v.matching.Undecided
		f.unwritable = len(v.parked)
	}
	if st.Run != nil {
		st.Run.WithIssues = len(f.needs) > 0
	}
	st.Health, st.Sentence = health(f), sentence(f)
	if !f.resumes.IsZero() {
		st.ResumesAt = &f.resumes
	}
	st.Incidents = append(blocking(f, conn, now), v.incidents...)
	st.Incidents = append(st.Incidents, stuckIncident(v.stuck)...)
	st.Incidents = append(st.Incidents, parkedIncidents(v.parked, opts)...)
	st.Incidents = append(st.Incidents, refillIncident(v.gate)...)
	st.Incidents = append(st.Incidents, lists.Incidents(opts, v.lists)...)
	st.Incidents = append(st.Incidents, v.matching.Incidents()...)
	st.Incidents = append(st.Incidents, s.versionNotice(conn, now)...)
	st.SyncStatus, st.PendingSyncs, st.FailedSyncs = syncStatus(conn.Connected, st.Health), st.Pending, failedOf(v.counts)
	for _, i := range st.Incidents {
		st.Errors = append(st.Errors, integration.StatusError{Type: errorType(i.EntityType), Message: i.Title + ". " + i.Fix, Timestamp: i.Since})
	}
	if conn.Connected {
		st.Resync = resyncSays(opts)
	}
	return st, nil
}

// errorType is the host's word for an error about a type of record, or, as for
// contacts, about all.
func errorType(entity string) string {
	return strings.ReplaceAll(cmp.Or(entity, kinds.EntityContact), "-", "_") + "_sync"
}

// view is what a status is made of.
type view struct {
	total     int
	backlog   outbox.Backlog
	conn      ledger.Connection
	tally     tally
	incidents []integration.Incident
	counts    []stateCount
	tags      tagCounts
	host      totals
	gate      tagGate
	parked    []parkedProperty
	matching  matching.Counts
	stuck     []outbox.Aside // held by the outbox itself: their batches could not be settled
	lists     map[settings.ListKey]lists.Row
	run       runRow
	ran       bool
}

// view reads the queue before the records, and the records in one snapshot: a
// change that has left the queue is in them, so the numbers never say that
// nothing waits while a result is missing.
func (s *Syncer) view(ctx context.Context, clientID string) (v view, err error) {
	if v.total, err = s.Source.Count(ctx, clientID, integration.KindMember); err != nil {
		return view{}, err
	}
	v.host = totals{kinds.EntityContact: v.total}
	if v.host[kinds.EntityCompany], err = s.Source.Count(ctx, clientID, integration.KindOrganization); err != nil {
		return view{}, err
	}
	if v.backlog, err = s.Outbox.Backlog(ctx, clientID); err != nil {
		return view{}, err
	}
	if v.stuck, err = s.stuck(ctx, clientID); err != nil {
		return view{}, err
	}
	snapshot := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	err = s.DB.RunInTx(ctx, snapshot, func(ctx context.Context, tx bun.Tx) (err error) {
		if v.conn, err = s.Connections.Get(ctx, tx, clientID); err != nil {
			return err
		}
		at := ledger.Place{ClientID: clientID, PortalID: v.conn.PortalID}
		if v.incidents, err = s.syncLog().incidents(ctx, tx, at, nil); err != nil {
			return err
		}
		if v.counts, err = s.syncLog().counts(ctx, tx, at); err != nil {
			return err
		}
		v.tally = tallyOf(v.counts)
		if v.tags, err = s.tags.counts(ctx, tx, at); err != nil {
			return err
		}
		if v.gate, err = s.tags.gate(ctx, tx, at); err != nil {
			return err
		}
		if v.parked, err = s.parkings.of(ctx, tx, at); err != nil {
			return err
		}
		if v.lists, err = s.lists.Store.Load(ctx, tx, at); err != nil {
			return err
		}
		if v.matching, err = s.matching.Counts(ctx, tx, at); err != nil {
			return err
		}
		v.run, v.ran, err = s.runs.last(ctx, tx, clientID)
		return err
	})
	return v, err
}

// stuck lists what the outbox holds because batch after batch of it could not
// be settled, or that the integration failed on, if no sync record tells of it.
func (s *Syncer) stuck(ctx context.Context, clientID string) ([]outbox.Aside, error) {
	held, err := s.Outbox.Asides(ctx, clientID, outbox.AsideQuery{Class: outbox.ClassBug, HeldOnly: true, Limit: 1000})
	return slices.DeleteFunc(held, func(a outbox.Aside) bool { return a.Reason == string(verdict.Panic) && s.entityOf(a.Kind) != "" }), err
}

func stuckIncident(held []outbox.Aside) []integration.Incident {
	if len(held) == 0 {
		return nil
	}
	t := words.Tell(verdict.Stuck, "", nil)
	return []integration.Incident{{Code: string(verdict.Stuck), Title: t.Title, Meaning: t.Meaning, Fix: t.Fix, Action: "retry",
		Count: len(held), Since: held[0].Since}}
}

// optionsOn returns the tenant's options; all parts are on if the settings
// cannot be read: without settings, or with a key that does not open, the other
// facts tell more.
func (s *Syncer) optionsOn(ctx context.Context, clientID string) settings.Options {
	stored, err := s.portals.Settings.Load(ctx, clientID, settings.PluginID)
	if err != nil {
		return settings.Options{Contacts: true, Companies: true, Tags: true, Lists: true, Activities: true, Tickets: true}
	}
	return settings.Of(stored.Settings)
}

func factsOf(conn ledger.Connection, b outbox.Backlog, st integration.Status, o settings.Options, now time.Time) facts {
	f := facts{
		connected: conn.Connected, paused: b.Paused, anything: len(o.Walked()) > 0, contacts: o.Contacts,
		pending: st.Pending, capped: b.Capped, members: st.Members.Total,
	}
	if !b.Oldest.IsZero() {
		f.oldest = now.Sub(b.Oldest)
	}
	if b.Parked != nil && conn.Connected {
		f.parked, f.resumes = verdict.Code(b.Parked.Reason), b.Parked.Until
		if conn.TroubleCode == b.Parked.Reason {
			f.names = conn.TroubleNames
		}
	}
	if st.Run != nil && st.Run.FinishedAt == nil {
		f.running, f.run, f.over, f.done, f.total = true, st.Run.Title, walkedOver(st.Run.Kind), st.Run.Done, st.Run.Total
	}
	return f
}

// refillIncident asks for the admin's word before properties that were made
// again are filled for everybody.
func refillIncident(g tagGate) []integration.Incident {
	if !g.refill {
		return nil
	}
	t := words.Tell(verdict.Refill, "", nil)
	return []integration.Incident{{Code: string(verdict.Refill), Title: t.Title, Meaning: t.Meaning, Fix: t.Fix, Since: g.at}}
}

// blocking is the incident of a tenant that stands still.
func blocking(f facts, conn ledger.Connection, now time.Time) []integration.Incident {
	if f.parked == "" || f.parked == verdict.Busy {
		return []integration.Incident{}
	}
	t := words.Tell(f.parked, "", f.names)
	i := integration.Incident{Code: string(f.parked), Title: t.Title, Meaning: t.Meaning, Fix: t.Fix, Action: t.Action, Since: now, Blocking: true}
	if conn.TroubleCode == string(f.parked) {
		i.CorrelationID = conn.TroubleCorrelation
		if conn.TroubleAt != nil {
			i.Since = *conn.TroubleAt
		}
	}
	if !f.resumes.IsZero() {
		i.NextAttemptAt = &f.resumes
	}
	return []integration.Incident{i}
}

// versionNotice warns half a year before HubSpot ends its support of the API
// version in use: 18 months after its release
// (https://developers.hubspot.com/docs/developer-tooling/platform/versioning).
func (s *Syncer) versionNotice(conn ledger.Connection, now time.Time) []integration.Incident {
	version := s.portals.Version()
	released, err := time.Parse("2006-01", string(version))
	if err != nil || !conn.Connected {
		return nil
	}
	end := released.AddDate(0, 18, 0)
	if now.Before(end.AddDate(0, -6, 0)) {
		return nil
	}
	return []integration.Incident{{
		Code: "api-version", Title: "HubSpot ends its support of the API version in use",
		Meaning: fmt.Sprintf("Version %s is supported until about %s. Syncing works until then.", version, end.Format("January 2006")),
		Fix:     "Nothing for you to do: the platform's operator selects a newer version.", Since: end.AddDate(0, -6, 0),
	}}
}

// version is the API version of all portals.
