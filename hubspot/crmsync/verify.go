package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// verify makes the first call of a client: it proves that the key belongs to
// the portal that the tenant connected, before anything is written there, and
// its headers set the limiter. A key can be replaced behind our back, and a
// restored database can meet another portal.
func (o *outing) verify(ctx context.Context) {
	if !o.portal.isVerified() {
		o.verifyPortal(ctx)
	}
}

func (o *outing) verifyPortal(ctx context.Context) {
	var details hubspot.AccountDetails
	ok, err := o.call(ctx, func(ctx context.Context) (err error) {
		details, err = o.portal.client.AccountDetails(ctx)
		return err
	})
	switch {
	case !ok:
		return
	case err != nil:
		f := readFailure(err)
		f.tenant = true
		o.stop = &f
		return
	case details.PortalID != o.portal.place.portalID:
		o.stop = &failure{code: codeWrongPortal, tenant: true, hold: true}
		return
	}
	if err := o.base.connections.setUIDomain(ctx, o.batch.Tenant, details.UIDomain); err != nil {
		o.base.log.Warn("where the portal's pages are could not be stored", "client_id", o.batch.Tenant, "error", err)
		return
	}
	o.portal.setVerified()
}

func (l *live) isVerified() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.verified
}

func (l *live) setVerified() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.verified = true
}
