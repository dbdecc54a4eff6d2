package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// verify makes the first call of a client: it proves that the key belongs to
// the portal that the tenant connected, before anything is written there, and
// its headers set the limiter. A key can be replaced behind our back, and a
// restored database can meet another portal.
func (p *pass) verify(ctx context.Context) {
	if p.portal.isVerified() {
		return
	}
	var details hubspot.AccountDetails
	err, ok := p.call(ctx, func(ctx context.Context) (err error) {
		details, err = p.portal.client.AccountDetails(ctx)
		return err
	})
	switch {
	case !ok:
		return
	case err != nil:
		f := readFailure(err)
		f.tenant = true
		p.stop = &f
		return
	case details.PortalID != p.portal.place.portalID:
		p.stop = &failure{code: codeWrongPortal, tenant: true, hold: true}
		return
	}
	if err := p.s.connections.setUIDomain(ctx, p.batch.Tenant, details.UIDomain); err != nil {
		p.s.log.Warn("where the portal's pages are could not be stored", "client_id", p.batch.Tenant, "error", err)
		return
	}
	p.portal.setVerified()
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
