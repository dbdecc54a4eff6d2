package outbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestAppendRefusesBeforeSQL(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := uuid()
	big := json.RawMessage(`"` + strings.Repeat("x", outbox.MaxPayload) + `"`)
	fact := activity(tenant, "m", 1)
	with := func(change func(*outbox.Entry)) outbox.Entry {
		e := fact
		change(&e)
		return e
	}
	for name, c := range map[string]struct {
		e    outbox.Entry
		want error
	}{
		"unknown kind":       {with(func(e *outbox.Entry) { e.Kind = "ticket" }), outbox.ErrUnknownKind},
		"large payload":      {with(func(e *outbox.Entry) { e.Payload = big }), outbox.ErrPayloadTooLarge},
		"payload of state":   {with(func(e *outbox.Entry) { e.Kind = "member" }), outbox.ErrInvalidEntry},
		"malformed payload":  {with(func(e *outbox.Entry) { e.Payload = json.RawMessage(`{"a":`) }), outbox.ErrInvalidEntry},
		"payload not UTF-8":  {with(func(e *outbox.Entry) { e.Payload = json.RawMessage("\"\xff\"") }), outbox.ErrInvalidEntry},
		"tenant not a UUID":  {with(func(e *outbox.Entry) { e.Tenant = "42" }), outbox.ErrInvalidEntry},
		"tenant with braces": {with(func(e *outbox.Entry) { e.Tenant = "{" + tenant[1:35] + "}" }), outbox.ErrInvalidEntry},
		"tenant not hex":     {with(func(e *outbox.Entry) { e.Tenant = "g" + tenant[1:] }), outbox.ErrInvalidEntry},
		"no key":             {with(func(e *outbox.Entry) { e.Key = "" }), outbox.ErrInvalidEntry},
		"key with zero byte": {with(func(e *outbox.Entry) { e.Key = "a\x00" }), outbox.ErrInvalidEntry},
		"long subject":       {with(func(e *outbox.Entry) { e.Subject = strings.Repeat("s", 513) }), outbox.ErrInvalidEntry},
		"lane":               {with(func(e *outbox.Entry) { e.Lane = 3 }), outbox.ErrInvalidEntry},
		"negative lane":      {with(func(e *outbox.Entry) { e.Lane = -1 }), outbox.ErrInvalidEntry},
	} {
		// The zero transaction panics if any SQL is tried.
		err := o.Append(context.Background(), bun.Tx{}, fact, c.e)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if err != nil && !strings.Contains(err.Error(), "entry 1") {
			t.Errorf("%s: %v does not say which entry", name, err)
		}
	}
	if err := o.Append(context.Background(), bun.Tx{}); err != nil {
		t.Errorf("no entries: %v", err)
	}
}
