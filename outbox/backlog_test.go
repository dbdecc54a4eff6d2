package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestBacklog(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := setup(t)
	o := b.box()
	if got, err := o.Backlog(ctx, uuid()); err != nil || got != (outbox.Backlog{}) {
		t.Errorf("unknown tenant: %+v, %v", got, err)
	}
	tenant, big := b.tenant(o), b.tenant(o)
	b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject, recorded_at) values (?, 2, 'member', '1', '1', now() - interval '1 hour')", tenant)
	b.add(o, member(tenant, 2))
	b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) select ?, 2, 'member', n::text, n::text from generate_series(1, ?) n", big, outbox.BacklogCap+5)
	got, err := o.Backlog(ctx, tenant)
	if err != nil {
		t.Fatal(err)
	}
	if got.Waiting != 2 || got.Backfill != 1 || got.Capped || !got.Open || got.Paused || got.Parked != nil {
		t.Errorf("%+v", got)
	}
	if age := time.Since(got.Oldest); age < 59*time.Minute || age > 61*time.Minute {
		t.Errorf("oldest is %s old", age)
	}
	got, err = o.Backlog(ctx, big)
	if err != nil || got.Waiting != outbox.BacklogCap || !got.Capped || got.Backfill != outbox.BacklogCap {
		t.Errorf("%+v, %v", got, err)
	}
}
