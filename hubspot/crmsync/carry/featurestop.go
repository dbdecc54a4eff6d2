package carry

import (
	"errors"
	"net/http"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// classFeature is that of deliveries which wait for a scope or a plan that only
// their own feature needs.
const classFeature = "feature"

// concernsMore notes a failure that concerns more than the records of its call:
// the tenant, or the kind alone if the outing says so. It reports whether it
// does; no further call may be made then.
func (o *Outing) concernsMore(f verdict.Failure, err error) bool {
	switch {
	case o.off != nil:
	case o.Single && lacking(f, err):
		f.Tenant, f.Hold, f.Unknown = false, true, false
		if f.Code != verdict.ScopeMissing {
			f.Code = verdict.PlanMissing
		}
		o.StopFeature(f)
	case f.Tenant:
		o.Stop = &f
	default:
		return false
	}
	return true
}

// StopFeature sets aside what the outing has still to do.
func (o *Outing) StopFeature(f verdict.Failure) {
	o.off = &f
	o.Base.Log.Warn("a feature is stopped", "client_id", o.Batch.Tenant, "kind", o.Batch.Kind, "code", string(f.Code), "correlation_id", f.Correlation)
}

// lacking recognises HubSpot's refusal of what the key's scopes or the
// account's plan do not allow. A 403 that names no scope is about the plan.
// See https://developers.hubspot.com/docs/api-reference/error-handling
func lacking(f verdict.Failure, err error) bool {
	var e *hubspot.Error
	if !errors.As(err, &e) {
		return false
	}
	return f.Code == verdict.ScopeMissing || f.Code == verdict.KeyRefused && e.Status == http.StatusForbidden
}

// Refuse settles a line that HubSpot refused, unless the reason concerns more
// than the line: then it waits with the others.
func (o *Outing) Refuse(l interface{ Fail(f verdict.Failure) }, err *hubspot.Error) {
	if f := verdict.Read(err); !o.concernsMore(f, err) {
		l.Fail(f)
	}
}

// PlanRefuses recognises a refusal that is about the account's plan.
func PlanRefuses(err error) bool {
	return err != nil && verdict.Read(err).Code != verdict.ScopeMissing && lacking(verdict.Read(err), err)
}
