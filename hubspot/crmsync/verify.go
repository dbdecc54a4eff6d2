package crmsync

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// verify makes the first call of a client: it proves that the key belongs to
// the portal that the tenant connected, before anything is written there, and
// its headers set the limiter. A key can be replaced behind our back, and a
// restored database can meet another portal.
func (p *pass) verify(ctx context.Context) {
	p.verifyPortal(ctx)
	if p.stop == nil && p.portal.trouble == codeSchema {
		p.repair(ctx)
	}
}

// repair creates again what somebody removed from the portal's schema, once an
// admin has asked to go on. New properties are empty, so everybody is sent
// once more.
func (p *pass) repair(ctx context.Context) {
	ok, err := p.call(ctx, func(ctx context.Context) error {
		have, err := p.portal.client.Properties(ctx, p.road.object)
		if err != nil {
			return err
		}
		return ensureSchema(ctx, p.portal.client, compareSchema(p.road.object, p.road.properties(p.portal.options), have))
	})
	switch {
	case !ok:
		return
	case err != nil:
		p.stop = &failure{code: codeSchema, tenant: true, hold: true}
		return
	}
	err = p.s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := p.s.connections.recover(ctx, tx, p.batch.Tenant); err != nil {
			return err
		}
		if err := p.s.connections.raiseEpoch(ctx, tx, p.batch.Tenant); err != nil {
			return err
		}
		return p.s.runs.restart(ctx, tx, p.batch.Tenant, p.portal.options.walked(), p.s.now())
	})
	if err != nil {
		p.s.log.Warn("the repair of the portal's properties could not be noted", "client_id", p.batch.Tenant, "error", err)
	}
}

func (o *outing) verifyPortal(ctx context.Context) {
	if o.portal.isVerified() {
		return
	}
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
	if err := o.s.connections.setUIDomain(ctx, o.batch.Tenant, details.UIDomain); err != nil {
		o.s.log.Warn("where the portal's pages are could not be stored", "client_id", o.batch.Tenant, "error", err)
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
