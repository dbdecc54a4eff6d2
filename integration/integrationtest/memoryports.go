package integrationtest

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// MemoryLinkHost is the host name of a [MemoryHost]'s links.
const MemoryLinkHost = "portal.example.org"

// WriteCRMIDs implements [integration.CRMIDWriter] for tests that ask what was
// written. It does not look at tx: what is written stays, even if tx is rolled
// back.
func (h *MemoryHost) WriteCRMIDs(_ context.Context, _ *sql.Tx, clientID string, ids []integration.CRMID) error {
	h.mu.Lock()
	hook := h.write
	h.mu.Unlock()
	if hook != nil {
		if err := hook(clientID, ids); err != nil {
			return err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		if _, ok := h.entities[clientID][id.Ref]; !ok {
			continue
		}
		if h.crmIDs[clientID] == nil {
			h.crmIDs[clientID] = map[integration.Ref]string{}
		}
		h.crmIDs[clientID][id.Ref] = id.ID
	}
	return nil
}

// OnWriteCRMIDs calls f at every WriteCRMIDs, outside any lock; an error of f is
// its own, and nothing is written. Nil ends it.
func (h *MemoryHost) OnWriteCRMIDs(f func(clientID string, ids []integration.CRMID) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.write = f
}

// CRMID returns the CRM ID of an entity, "" if it has none.
func (h *MemoryHost) CRMID(clientID string, ref integration.Ref) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.crmIDs[clientID][ref]
}

// Link implements [integration.LinkBuilder]: every kind but an activity and a
// membership has pages.
func (*MemoryHost) Link(_ string, ref integration.Ref) string {
	switch ref.Kind {
	case integration.KindMember, integration.KindOrganization, integration.KindTicket, integration.KindEvent, integration.KindCourse:
		if integration.ValidUUID(ref.Key) {
			return "https://" + MemoryLinkHost + "/" + string(ref.Kind) + "/" + ref.Key
		}
	}
	return ""
}

// SetTimeZone sets a tenant's time zone; before, it is UTC.
func (h *MemoryHost) SetTimeZone(clientID string, zone *time.Location) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.zones[clientID] = zone
}

// TimeZone implements [integration.Calendar].
func (h *MemoryHost) TimeZone(_ context.Context, clientID string) (*time.Location, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if zone := h.zones[clientID]; zone != nil {
		return zone, nil
	}
	return time.UTC, nil
}

// SetPlans sets a tenant's membership plans: their ids and names.
func (h *MemoryHost) SetPlans(clientID string, plans ...integration.Option) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.plans[clientID] = slices.Clone(plans)
}

// Plans implements [integration.PlanLister].
func (h *MemoryHost) Plans(_ context.Context, clientID string) ([]integration.Option, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.plans[clientID]), nil
}

// Compile-time guards: what a host may give its plugins beside its data.
var (
	_ integration.CRMIDWriter = (*MemoryHost)(nil)
	_ integration.LinkBuilder = (*MemoryHost)(nil)
	_ integration.Calendar    = (*MemoryHost)(nil)
	_ integration.PlanLister  = (*MemoryHost)(nil)
)
