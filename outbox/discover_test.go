package outbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// Finding tenants with work and settling must not read the outbox: a paused
// tenant's backlog and the dead rows of others lie there. The plans are those of
// the very statements that the drain sends.
func TestPlansDoNotScanTheOutbox(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := &spy{}
	maker := b.box()
	paused, busy := b.tenant(maker), b.tenant(maker)
	for _, id := range []string{paused, busy} {
		b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) select ?, 1, 'member', n::text, n::text from generate_series(1, 20000) n", id)
	}
	b.exec("update hubspot_outbox_tenant set paused = true where tenant = ?", paused)
	b.exec("vacuum analyze hubspot_outbox")
	o := b.boxOn(b.db.WithQueryHook(s))
	seenAll := make(chan struct{}, 1000)
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		err := o.Settle(ctx, batch, delivered(batch))
		select {
		case seenAll <- struct{}{}:
		default:
		}
		return err
	})
	for range 5 {
		receive(t, "batches", seenAll)
	}
	o.Close(context.Background())
	for what, part := range map[string]string{
		"discovery": "cross join lateral", "window": "select lane, id, kind", "settle": "with ok as",
	} {
		queries := s.matching(part)
		if len(queries) == 0 {
			t.Fatalf("%s: no statement seen", what)
		}
		for _, q := range queries[:min(3, len(queries))] {
			if strings.Contains(q, "not t.open") {
				continue
			}
			var plan string
			if err := b.db.DB.QueryRow("explain (format json) " + q).Scan(&plan); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if !json.Valid([]byte(plan)) {
				t.Fatal(plan)
			}
			if m := regexp.MustCompile(`"Seq Scan",[^}]*?"Relation Name": "hubspot_outbox"`).FindString(plan); m != "" {
				t.Errorf("%s scans the outbox:\n%s", what, plan)
			}
			if what == "settle" && !regexp.MustCompile(`"Index Cond": "[^"]*id >= [0-9]+[^"]*id <= [0-9]+`).MatchString(plan) {
				t.Errorf("settle is not bounded on both sides:\n%s", plan)
			}
		}
	}
	if n := b.rows(paused); n != 20000 {
		t.Error(fmt.Sprint(n, " rows of the paused tenant"))
	}
}
