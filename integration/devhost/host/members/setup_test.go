package members_test

import (
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

type bundle struct {
	*hosttest.Host
	db       *bun.DB
	mod      *members.Module
	one, two string // clients
}

func setup(t *testing.T) *bundle {
	t.Helper()
	h := hosttest.New(t)
	return &bundle{Host: h, db: h.DB, mod: h.Members, one: h.One, two: h.Two}
}

func (b *bundle) add(t *testing.T, client, email string) members.Profile {
	t.Helper()
	return b.Member(t, client, email)
}

// recorded returns how often each key has been recorded since the last call.
func (b *bundle) recorded(t *testing.T) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, c := range b.Recorded(t) {
		out[c.Ref.Key]++
	}
	return out
}

func wantProblem(t *testing.T, err error, status int, field string) {
	t.Helper()
	hosttest.WantProblem(t, err, status, field)
}
