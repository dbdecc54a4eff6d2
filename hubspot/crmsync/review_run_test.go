package crmsync_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
)

// keyed is a source whose Keys goes through a function first.
type keyed struct {
	integration.Source
	keys func(after string) error
}

func (k keyed) Keys(ctx context.Context, clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
	if err := k.keys(after); err != nil {
		return nil, err
	}
	return k.Source.Keys(ctx, clientID, kind, after, limit)
}

var errKeysDown = errors.New("host is down")

// What a full sync lists while contacts are off is thrown away: switching them
// on again must begin a walk of its own, even if the old one is under way.
func TestContactsOffInTheMiddleOfARunLeavesNobodyBehind(t *testing.T) {
	t.Parallel()
	var pages, served atomic.Int32 // that may be listed, that were
	b := start(t, withSource(func(s integration.Source) integration.Source {
		return keyed{s, func(string) error {
			if served.Load() >= pages.Load() {
				return errKeysDown
			}
			served.Add(1)
			return nil
		}}
	}))
	const n = 700 // two pages
	for i := range n {
		b.host.Put(tenantA, member(i))
	}
	b.connect(tenantA, portalA, tokenA)
	must(t, b.tryConnect(tenantA, fmt.Sprint(portalA), tokenA, false))
	pages.Store(1)
	b.eventually("the first page thrown away", func() bool {
		st := b.status(tenantA)
		return st.Pending == 0 && (st.Run == nil || st.Run.Done == 500)
	})
	must(t, b.tryConnect(tenantA, fmt.Sprint(portalA), tokenA, true))
	pages.Store(100)
	b.eventually("everybody", func() bool { return b.status(tenantA).Members.InSync == n })
}

// A full sync while contacts are off would say that everybody was looked at.
func TestFullSyncNeedsContactsOn(t *testing.T) {
	t.Parallel()
	b := start(t)
	must(t, b.tryConnect(tenantA, fmt.Sprint(portalA), tokenA, false))
	b.host.Put(tenantA, member(1))
	_, err := b.syncer.Sync(context.Background(), tenantA)
	var e *integration.Error
	if !errors.As(err, &e) || e.Kind != integration.Conflict || e.Fix == "" {
		t.Errorf("error = %v", err)
	}
	if st := b.status(tenantA); st.Run != nil {
		t.Errorf("run = %+v", st.Run)
	}
}

// A host whose query panics must not take the process with it.
func TestPanicWhileKeysAreListedIsSurvived(t *testing.T) {
	t.Parallel()
	var calm atomic.Bool
	met := make(chan struct{}, 1000)
	b := start(t, withSource(func(s integration.Source) integration.Source {
		return keyed{s, func(string) error {
			if !calm.Load() {
				met <- struct{}{}
				panic("member1@example.org has lost its mind")
			}
			return nil
		}}
	}))
	b.host.Put(tenantA, member(1))
	b.connect(tenantA, portalA, tokenA)
	<-met
	calm.Store(true)
	b.eventually("the member", func() bool { _, ok := b.contact(portalA, memberID(1)); return ok })
	b.settled(tenantA)
	if strings.Contains(b.log.String(), "lost its mind") {
		t.Error("what was panicked with is in the log")
	}
}

// What a portal said of its calls of the day is not believed for ever: without
// a call nobody would tell that a new day has begun.
func TestLowPoolIsBelievedForAWhile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	low := hubspot.Limits{Daily: 1000, DailyRemaining: 100, At: now}
	if !crmsync.PoolLow(low, now.Add(time.Minute)) {
		t.Error("a tenth of the day's calls is left, and the backfill goes on")
	}
	if crmsync.PoolLow(low, now.Add(13*time.Hour)) {
		t.Error("yesterday's figure stops a backfill")
	}
	if crmsync.PoolLow(hubspot.Limits{Daily: 1000, DailyRemaining: 900, At: now}, now) || crmsync.PoolLow(hubspot.Limits{}, now) {
		t.Error("a full pool stops a backfill")
	}
}
