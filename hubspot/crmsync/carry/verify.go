package carry

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// Verify makes the first call of a client: it proves that the key belongs to
// the portal that the tenant connected, before anything is written there, and
// its headers set the limiter. A key can be replaced behind our back, and a
// restored database can meet another portal.
func (o *Outing) Verify(ctx context.Context) {
	if !o.Portal.IsVerified() {
		o.verifyPortal(ctx)
	}
}

func (o *Outing) verifyPortal(ctx context.Context) {
	var details hubspot.AccountDetails
	ok, err := o.Call(ctx, func(ctx context.Context) (err error) {
		details, err = o.Portal.Client.AccountDetails(ctx)
		return err
	})
	switch {
	case !ok:
		return
	case err != nil:
		f := verdict.Read(err)
		f.Tenant = true
		o.Stop = &f
		return
	case details.PortalID != o.Portal.Place.PortalID:
		o.Stop = &verdict.Failure{Code: verdict.WrongPortal, Tenant: true, Hold: true}
		return
	}
	if err := o.Base.Connections.SetUIDomain(ctx, o.Batch.Tenant, details.UIDomain); err != nil {
		o.Base.Log.Warn("where the portal's pages are could not be stored", "client_id", o.Batch.Tenant, "error", err)
		return
	}
	o.Portal.setVerified()
}

// IsVerified reports whether the key has been seen to belong to this portal.
func (l *Live) IsVerified() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.verified
}

func (l *Live) setVerified() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.verified = true
}
