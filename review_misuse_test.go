package hubspotplugin_test

import (
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// A transaction that was never begun is a programmer's mistake, not the end of
// the host's request.
func TestRecordWithoutATransaction(t *testing.T) {
	t.Parallel()
	b := setup(t)
	change := integration.MemberChanged(tenant, member(1).ID)
	if err := b.plugin.Record(t.Context(), bun.Tx{}, change); err == nil || !strings.Contains(err.Error(), "transaction") {
		t.Errorf("Record: %v", err)
	}
	if err := b.plugin.RecordSQL(t.Context(), nil, change); err == nil || !strings.Contains(err.Error(), "transaction") {
		t.Errorf("RecordSQL: %v", err)
	}
	off := b.build(t, false)
	if err := off.RecordSQL(t.Context(), nil, change); err != nil {
		t.Errorf("RecordSQL of a plugin that is off: %v", err)
	}
}
