package outbox_test

import (
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/tests"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// Watermill's own suite. Raw topics have no consumer groups, keep nothing that
// was consumed, promise at least one delivery and no order, and do not carry the
// publisher's context into the database. ForceShort takes the suite's
// small quantities: the long form is 50 replicas and 10,000 messages.
func TestWatermillPubSub(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.db.SetMaxOpenConns(60)
	tests.TestPubSub(t, tests.Features{Persistent: true, ForceShort: true}, func(t *testing.T) (message.Publisher, message.Subscriber) {
		o := (&bundle{t: t, db: b.db}).box(func(c *outbox.Config) {
			c.Poll = 250 * time.Millisecond
			c.CloseGrace = 500 * time.Millisecond
			c.LeaseTTL = 4 * time.Second
		})
		return o.Raw()
	}, nil)
}
