package pgstore_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration/pgstore"
)

func TestKeyLengths(t *testing.T) {
	t.Parallel()
	good := newKey(t)
	for _, n := range []int{0, 16, 24, 31, 33, 64} {
		bad := bytes.Repeat([]byte("k1"), n)[:n]
		for what, keys := range map[string][][]byte{"current": {bad}, "previous": {good, bad}} {
			if _, err := pgstore.NewSealer(keys[0], keys[1:]...); err == nil || !strings.Contains(err.Error(), "want 32") {
				t.Errorf("%s key of %d bytes: %v", what, n, err)
			}
		}
	}
	if _, err := pgstore.NewSealer(make([]byte, pgstore.KeySize)); err == nil {
		t.Error("a key of zeros was accepted")
	}
}

func TestSealerErrors(t *testing.T) {
	t.Parallel()
	s := newSealer(t)
	place := []byte("place")
	sealed, err := s.Seal([]byte("secret"), place)
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Clone(sealed)
	altered[len(altered)-1] ^= 1
	for what, tc := range map[string]struct {
		by     *pgstore.Sealer
		sealed []byte
		place  string
		want   error
	}{
		"another key":   {newSealer(t), sealed, "place", pgstore.ErrUnknownKey},
		"another place": {s, sealed, "elsewhere", pgstore.ErrTampered},
		"altered":       {s, altered, "place", pgstore.ErrTampered},
		"cut":           {s, sealed[:12], "place", pgstore.ErrNotSealed},
		"plain text":    {s, []byte("pat-eu1-0123456789-0123456789"), "place", pgstore.ErrNotSealed},
	} {
		if _, err := tc.by.Open(tc.sealed, []byte(tc.place)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", what, err, tc.want)
		}
	}
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	oldKey, newKeyBytes := newKey(t), newKey(t)
	before, during, after := newSealer(t, oldKey), newSealer(t, newKeyBytes, oldKey), newSealer(t, newKeyBytes)
	place := []byte("place")
	old, err := before.Seal([]byte("secret"), place)
	if err != nil {
		t.Fatal(err)
	}
	got, err := during.Open(old, place)
	if err != nil || string(got) != "secret" {
		t.Fatalf("with the previous key: %q, %v", got, err)
	}
	if !during.Outdated(old) || before.Outdated(old) {
		t.Error("want the text outdated under the new key and only there")
	}
	fresh, err := during.Seal(got, place)
	if err != nil {
		t.Fatal(err)
	}
	if during.Outdated(fresh) {
		t.Error("a fresh text is outdated")
	}
	if got, err := after.Open(fresh, place); err != nil || string(got) != "secret" {
		t.Errorf("after the rotation: %q, %v", got, err)
	}
	if _, err := after.Open(old, place); !errors.Is(err, pgstore.ErrUnknownKey) {
		t.Errorf("the old text after the rotation: %v", err)
	}
}

func TestParseKey(t *testing.T) {
	t.Parallel()
	key := append(bytes.Repeat([]byte{0xfb, 0xff}, 15), 1, 2) // has + and / in base64
	for _, text := range []string{
		base64.StdEncoding.EncodeToString(key), base64.RawStdEncoding.EncodeToString(key),
		base64.URLEncoding.EncodeToString(key), base64.RawURLEncoding.EncodeToString(key),
		"  " + base64.StdEncoding.EncodeToString(key) + "\n",
	} {
		if got, err := pgstore.ParseKey(text); err != nil || !bytes.Equal(got, key) {
			t.Errorf("ParseKey of %d characters: %v", len(text), err)
		}
	}
	for text, want := range map[string]string{
		"": "empty", "   ": "empty", "not base64 at all": "not base64",
		base64.StdEncoding.EncodeToString(key[:16]): "16 bytes",
	} {
		_, err := pgstore.ParseKey(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
		if err != nil && len(text) > 3 && strings.Contains(err.Error(), strings.TrimSpace(text)+" ") {
			t.Error("the error quotes the key")
		}
	}
}
