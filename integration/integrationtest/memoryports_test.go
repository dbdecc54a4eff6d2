package integrationtest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
)

func TestMemoryHostKeepsCRMIDs(t *testing.T) {
	t.Parallel()
	integrationtest.TestCRMIDs(t, func(t *testing.T) integrationtest.CRMIDHarness {
		w := &world{host: integrationtest.NewMemoryHost()}
		add := func(clientID string, kind integration.Kind) integration.Ref {
			key, err := w.add(t.Context(), clientID, kind)
			if err != nil {
				t.Fatal(err)
			}
			return integration.Ref{Kind: kind, Key: key}
		}
		const member, ticket = integration.KindMember, integration.KindTicket
		gone := add(one, member)
		w.host.DeleteEntity(one, gone)
		return integrationtest.CRMIDHarness{
			Writer: w.host, ClientID: one, OtherClientID: two,
			Own:     []integration.Ref{add(one, member), add(one, member), add(one, ticket), add(one, ticket)},
			Foreign: []integration.Ref{add(two, member), add(two, ticket)},
			Gone:    gone,
			Stored: func(_ context.Context, clientID string, ref integration.Ref) (string, error) {
				return w.host.CRMID(clientID, ref), nil
			},
		}
	})
}

func TestMemoryHostCanRefuseCRMIDs(t *testing.T) {
	t.Parallel()
	h := integrationtest.NewMemoryHost()
	m := integration.Member{ID: two}
	h.Put(one, m)
	locked := errors.New("the table is locked")
	var seen []integration.CRMID
	h.OnWriteCRMIDs(func(_ string, ids []integration.CRMID) error {
		seen = ids
		return locked
	})
	batch := []integration.CRMID{{Ref: m.Ref(), ID: "7"}}
	if err := h.WriteCRMIDs(t.Context(), nil, one, batch); !errors.Is(err, locked) || len(seen) != 1 || h.CRMID(one, m.Ref()) != "" {
		t.Errorf("refused: %v, saw %v, kept %q", err, seen, h.CRMID(one, m.Ref()))
	}
	h.OnWriteCRMIDs(nil)
	if err := h.WriteCRMIDs(t.Context(), nil, one, batch); err != nil || h.CRMID(one, m.Ref()) != "7" {
		t.Errorf("%v, kept %q", err, h.CRMID(one, m.Ref()))
	}
	h.Delete(one, m.ID)
	if got := h.CRMID(one, m.Ref()); got != "" {
		t.Errorf("a member that is gone has the CRM id %q", got)
	}
}
