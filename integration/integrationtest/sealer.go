package integrationtest

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// SealerHarness is one Sealer under test.
type SealerHarness struct {
	Sealer integration.Sealer
	// Foreign is another one of the same kind that has no key in common with
	// Sealer.
	Foreign integration.Sealer
}

// TestSealer holds a Sealer to its contract, one subtest for each rule.
func TestSealer(t *testing.T, newSealer func(t *testing.T) SealerHarness) {
	hold(t, sealerRules(), newSealer)
}

func sealerRules() []rule[SealerHarness] {
	return []rule[SealerHarness]{
		{"what is sealed opens", sealerRoundTrip},
		{"a sealed text hides its content", sealerHides},
		{"a sealed text opens in its place only", sealerPlace},
		{"an altered text does not open", sealerAltered},
		{"a foreign text does not open", sealerForeign},
		{"arguments are left alone", sealerArguments},
		{"many may use it at once", sealerConcurrent},
	}
}

const (
	sealedSecret = "pat-eu1-5f0e1d2c-SECRET-0123456789"
	sealedPlace  = "tenant/crm/accessToken"
)

func (h SealerHarness) mustSeal(t testing.TB, plaintext, place string) []byte {
	t.Helper()
	sealed, err := h.Sealer.Seal([]byte(plaintext), []byte(place))
	if err != nil {
		t.Fatalf("seal: %v", err)
	}
	return sealed
}

// wantClosed tries to open what must not open.
func wantClosed(t testing.TB, what string, s integration.Sealer, sealed, place []byte) {
	t.Helper()
	plaintext, err := s.Open(sealed, place)
	if err == nil {
		t.Errorf("%s was opened", what)
		return
	}
	if len(plaintext) > 0 {
		t.Errorf("%s: text came back together with the error", what)
	}
	if strings.Contains(err.Error(), sealedSecret) || strings.Contains(err.Error(), sealedSecret[8:24]) {
		t.Errorf("%s: the error holds the secret", what)
	}
}

func sealerRoundTrip(t testing.TB, h SealerHarness) {
	for what, plaintext := range map[string]string{
		"a secret": sealedSecret, "nothing": "", "bytes": "\x00\xff\x00", "a long text": strings.Repeat("0123456789", 10_000),
	} {
		for _, place := range []string{sealedPlace, ""} {
			got, err := h.Sealer.Open(h.mustSeal(t, plaintext, place), []byte(place))
			if err != nil {
				t.Errorf("%s does not open: %v", what, err)
			} else if string(got) != plaintext {
				t.Errorf("%s came back changed", what)
			}
		}
	}
}

func sealerHides(t testing.TB, h SealerHarness) {
	first, second := h.mustSeal(t, sealedSecret, sealedPlace), h.mustSeal(t, sealedSecret, sealedPlace)
	if bytes.Equal(first, second) {
		t.Error("two seals of one secret are equal: anyone can see which tenants share a secret")
	}
	for i := 0; i+6 <= len(sealedSecret); i++ {
		if bytes.Contains(first, []byte(sealedSecret[i:i+6])) {
			t.Error("a piece of the secret stands in the sealed text")
			break
		}
	}
}

func sealerPlace(t testing.TB, h SealerHarness) {
	sealed := h.mustSeal(t, sealedSecret, sealedPlace)
	for what, place := range map[string]string{
		"another field": "tenant/crm/other", "another tenant": "tenanx/crm/accessToken", "no place": "",
		"a shorter place": sealedPlace[:len(sealedPlace)-1], "a longer place": sealedPlace + "x",
	} {
		wantClosed(t, "a text moved to "+what, h.Sealer, sealed, []byte(place))
	}
	wantClosed(t, "a text sealed for no place", h.Sealer, h.mustSeal(t, sealedSecret, ""), []byte(sealedPlace))
}

func sealerAltered(t testing.TB, h SealerHarness) {
	sealed := h.mustSeal(t, sealedSecret, sealedPlace)
	for i := range sealed {
		for _, bit := range []byte{0x01, 0x80} {
			altered := bytes.Clone(sealed)
			altered[i] ^= bit
			wantClosed(t, "a text with one bit changed", h.Sealer, altered, []byte(sealedPlace))
		}
	}
	for n := range sealed {
		wantClosed(t, "a text cut short", h.Sealer, sealed[:n], []byte(sealedPlace))
	}
	wantClosed(t, "a text with a byte added", h.Sealer, append(bytes.Clone(sealed), 0), []byte(sealedPlace))
	wantClosed(t, "no text", h.Sealer, nil, []byte(sealedPlace))
	wantClosed(t, "a plain text", h.Sealer, []byte(sealedSecret), []byte(sealedPlace))
}

func sealerForeign(t testing.TB, h SealerHarness) {
	wantClosed(t, "a text of another key", h.Foreign, h.mustSeal(t, sealedSecret, sealedPlace), []byte(sealedPlace))
}

func sealerArguments(t testing.TB, h SealerHarness) {
	plaintext, place := []byte(sealedSecret), []byte(sealedPlace)
	sealed, err := h.Sealer.Seal(plaintext, place)
	if err != nil {
		t.Fatalf("seal: %v", err)
	}
	kept := bytes.Clone(sealed)
	opened, err := h.Sealer.Open(sealed, place)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	for i := range opened {
		opened[i] = 'x' // the result belongs to the caller
	}
	if string(plaintext) != sealedSecret || string(place) != sealedPlace || !bytes.Equal(sealed, kept) {
		t.Error("an argument was written to")
	}
	if again, err := h.Sealer.Open(sealed, place); err != nil || string(again) != sealedSecret {
		t.Errorf("a second open of the same text gave another result, error %v", err)
	}
}

func sealerConcurrent(t testing.TB, h SealerHarness) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				sealed, err := h.Sealer.Seal([]byte(sealedSecret), []byte(sealedPlace))
				if err != nil {
					t.Errorf("seal: %v", err)
					return
				}
				got, err := h.Sealer.Open(sealed, []byte(sealedPlace))
				if err != nil || string(got) != sealedSecret {
					t.Errorf("open: %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
}
