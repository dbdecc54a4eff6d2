package crmsync

import (
	"errors"
	"net/http"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// classFeature is that of deliveries which wait for a scope or a plan that only
// their own feature needs.
const classFeature = "feature"

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
	o.base.log.Warn("a feature is stopped", "client_id", o.batch.Tenant, "kind", o.batch.Kind, "code", string(f.code), "correlation_id", f.correlation)
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

// planRefuses recognises a refusal that is about the account's plan.
func planRefuses(err error) bool {
	return err != nil && readFailure(err).code != codeScopeMissing && lacking(readFailure(err), err)
}
