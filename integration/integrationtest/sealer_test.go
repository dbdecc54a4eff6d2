package integrationtest_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
)

// gcm is a correct sealer, but for its defects.
type gcm struct {
	aead cipher.AEAD
	sealDefects
}

type sealDefects struct {
	fixedNonce     bool
	ignoresPlace   bool
	cutsPlace      bool // binds to the first bytes of the place only
	noSeal         bool // stores the plain text
	noTag          bool // encrypts without authentication
	quotes         bool // errors hold the text
	returnsAnyway  bool // text together with an error
	clearsArgument bool // wipes the plaintext that it was given
}

func newGCM(t testing.TB, d sealDefects) *gcm {
	t.Helper()
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return &gcm{aead, d}
}

func (g *gcm) place(additional []byte) []byte {
	switch {
	case g.ignoresPlace:
		return nil
	case g.cutsPlace:
		return additional[:min(len(additional), 12)]
	}
	return additional
}

func (g *gcm) Seal(plaintext, additional []byte) ([]byte, error) {
	if g.noSeal {
		return bytes.Clone(plaintext), nil
	}
	nonce := make([]byte, g.aead.NonceSize())
	if !g.fixedNonce {
		if _, err := rand.Read(nonce); err != nil {
			return nil, err
		}
	}
	out := g.aead.Seal(nonce, nonce, plaintext, g.place(additional))
	if g.clearsArgument {
		clear(plaintext)
	}
	return out, nil
}

func (g *gcm) Open(sealed, additional []byte) ([]byte, error) {
	if g.noSeal {
		return bytes.Clone(sealed), nil
	}
	n := g.aead.NonceSize()
	if len(sealed) < n {
		return nil, errors.New("too short")
	}
	plaintext, err := g.aead.Open(nil, sealed[:n], sealed[n:], g.place(additional))
	switch {
	case err == nil:
		return plaintext, nil
	case g.noTag:
		return []byte("decrypted into noise"), nil
	case g.returnsAnyway:
		return []byte("decrypted into noise"), err
	case g.quotes:
		return nil, fmt.Errorf("cannot open %s", sealed)
	}
	return nil, err
}

func TestSealerSuiteAcceptsACorrectSealer(t *testing.T) {
	t.Parallel()
	integrationtest.TestSealer(t, func(t *testing.T) integrationtest.SealerHarness {
		return integrationtest.SealerHarness{Sealer: newGCM(t, sealDefects{}), Foreign: newGCM(t, sealDefects{})}
	})
}

func TestSealerSuiteCatches(t *testing.T) {
	t.Parallel()
	for defect, tc := range map[string]struct {
		defects sealDefects
		rule    string
	}{
		"a fixed nonce":            {sealDefects{fixedNonce: true}, "a sealed text hides its content"},
		"no encryption":            {sealDefects{noSeal: true}, "a sealed text hides its content"},
		"the place is ignored":     {sealDefects{ignoresPlace: true}, "a sealed text opens in its place only"},
		"half of the place":        {sealDefects{cutsPlace: true}, "a sealed text opens in its place only"},
		"no authentication":        {sealDefects{noTag: true}, "an altered text does not open"},
		"noise beside the error":   {sealDefects{returnsAnyway: true}, "an altered text does not open"},
		"an error with the text":   {sealDefects{quotes: true}, "an altered text does not open"},
		"the argument is wiped":    {sealDefects{clearsArgument: true}, "arguments are left alone"},
		"foreign text as its own":  {sealDefects{noTag: true}, "a foreign text does not open"},
		"one key for every sealer": {sealDefects{}, "a foreign text does not open"},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			wantBroken(t, broken(t, integrationtest.SealerRules(), func() integrationtest.SealerHarness {
				s := newGCM(t, tc.defects)
				var foreign integration.Sealer = newGCM(t, tc.defects)
				if defect == "one key for every sealer" {
					foreign = s
				}
				return integrationtest.SealerHarness{Sealer: s, Foreign: foreign}
			}), tc.rule)
		})
	}
}
