package outbox_test

import (
	"encoding/json"
	"testing"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestFromMessageTrustsNothing(t *testing.T) {
	t.Parallel()
	for _, payload := range []string{``, `null`, `{}`, `[]`, `{"tenant":"x"}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[]}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[{"kind":"other","key":"1","lane":1,"rows":[[],[1],[]]}]}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[{"kind":"member","key":"1","lane":7,"rows":[[],[1],[]]}]}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[{"kind":"member","key":"1","lane":1,"rows":[[],[],[]]}]}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":0,"seq":1,"kind":"member","deliveries":[{"kind":"member","key":"1","lane":1,"rows":[[],[1],[]]}]}`,
	} {
		if _, err := outbox.FromMessage(message.NewMessage("", []byte(payload))); err == nil {
			t.Errorf("accepted %s", payload)
		}
	}
	if _, err := outbox.FromMessage(nil); err == nil {
		t.Error("accepted nothing")
	}
}

func FuzzFromMessage(f *testing.F) {
	f.Add([]byte(`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[{"kind":"member","key":"1","lane":1,"rows":[[],[1],[]]}]}`))
	f.Add([]byte(`{"deliveries":[{"rows":[[],[],[],[]]}]}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		batch, err := outbox.FromMessage(message.NewMessage("", payload))
		if err != nil {
			return
		}
		if len(batch.Deliveries) == 0 || batch.Term < 1 || batch.Kind == "" {
			t.Errorf("accepted %+v", batch)
		}
		if _, err := json.Marshal(batch); err != nil {
			t.Error(err)
		}
	})
}
