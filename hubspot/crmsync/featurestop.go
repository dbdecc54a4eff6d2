package crmsync

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// classFeature is that of deliveries which wait for a scope or a plan that only
// their own feature needs.
const classFeature = "feature"

// stoppable are the kinds that can be set aside for want of a scope or a plan
// while everything else goes on.
func stoppable() []string { return []string{kindEvent, kindAttendance, kindCustomEvent} }

// concernsMore notes a failure that concerns more than the records of its call:
// the tenant, or the kind alone if the outing says so. It reports whether it
// does; no further call may be made then.
func (o *outing) concernsMore(f failure, err error) bool {
	switch {
	case o.off != nil:
	case o.single && lacking(f, err):
		f.tenant, f.hold, f.unknown = false, true, false
		if f.code != codeScopeMissing {
			f.code = codePlanMissing
		}
		o.stopFeature(f)
	case f.tenant:
		o.stop = &f
	default:
		return false
	}
	return true
}

// stopFeature sets aside what the outing has still to do.
func (o *outing) stopFeature(f failure) {
	o.off = &f
	o.s.log.Warn("a feature is stopped", "client_id", o.batch.Tenant, "kind", o.batch.Kind, "code", string(f.code), "correlation_id", f.correlation)
}

// lacking recognises HubSpot's refusal of what the key's scopes or the
// account's plan do not allow. A 403 that names no scope is about the plan.
// See https://developers.hubspot.com/docs/api-reference/error-handling
func lacking(f failure, err error) bool {
	var e *hubspot.Error
	if !errors.As(err, &e) {
		return false
	}
	return f.code == codeScopeMissing || f.code == codeKeyRefused && e.Status == http.StatusForbidden
}

// refuse settles a line that HubSpot refused, unless the reason concerns more
// than the line: then it waits with the others.
func (o *outing) refuse(l interface{ fail(f failure) }, err *hubspot.Error) {
	if f := readFailure(err); !o.concernsMore(f, err) {
		l.fail(f)
	}
}

// switchEvents applies a change of settings, within tx: what is switched on
// begins now, what is switched off needs nobody's attention any more, and what
// has waited for a scope or a plan is tried again.
func (s *Syncer) switchEvents(ctx context.Context, tx *sql.Tx, at place, opts, old options, now time.Time) error {
	if opts.eventsOn() && !old.eventsOn() {
		if err := s.marketing.begin(ctx, tx, at, now); err != nil {
			return storeFault(err)
		}
	}
	for entity, on := range map[string]bool{
		entityEvent: opts.eventsOn(), entityAttendance: opts.eventsOn(), entityCustomEvent: opts.customEventsOn(),
	} {
		if on {
			continue
		}
		if err := s.records.dismiss(ctx, tx, at, entity, now); err != nil {
			return err
		}
	}
	return s.resume(ctx, tx, at.clientID)
}

// resume makes what waits for a scope or a plan due, within tx.
func (s *Syncer) resume(ctx context.Context, tx *sql.Tx, clientID string) error {
	for _, kind := range stoppable() {
		if _, err := s.outbox.Resend(ctx, tx, clientID, kind); err != nil {
			return storeFault(err)
		}
	}
	return nil
}

// dismiss ends, within tx, what the log says of records that need attention or
// are on their way, because their part is switched off.
func (r *Records) dismiss(ctx context.Context, tx bun.IConn, at place, entity string, now time.Time) error {
	_, err := r.db.NewRaw(`update ? set sync_status = ?, code = ?, properties = '{}', detail = '', updated_at = ?
		where client_id = ? and portal_id = ? and entity_type = ? and sync_status in (?, ?)`,
		r.record(), string(integration.SyncExcluded), string(codeSwitchedOff), now, at.clientID, at.portalID, entity,
		string(integration.SyncFailed), string(integration.SyncPending)).Conn(tx).Exec(ctx)
	if err != nil {
		return storeFault(err)
	}
	return nil
}
