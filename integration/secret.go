package integration

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"log/slog"
)

// Secret is a value that shows itself nowhere: not in logs, formatted output,
// JSON or errors. Only Reveal returns it, so that a search for that word finds
// every use. Compare Secrets with Equal: == does not compile.
//
// It holds a pointer because package fmt asks no method of a value that sits in
// an unexported field of another struct: it would print a string as it is, but
// of a pointer only the address.
type Secret struct {
	_     [0]func() // not comparable: == would compare addresses
	value *string
}

const redacted = "[secret]"

// NewSecret wraps value.
func NewSecret(value string) Secret { return Secret{value: &value} }

// Reveal returns the value. Never pass it to a log, an error or a page.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Equal reports whether both secrets have the same value, in a time that does
// not depend on where they differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// IsZero reports whether there is no value.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String, GoString, LogValue, MarshalText and MarshalJSON return a fixed text.
func (Secret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return redacted }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON implements json.Marshaler.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// Hint returns the last four characters, for an admin to tell keys apart, or
// "" if the secret is too short to show any.
func (s Secret) Hint() string {
	value := s.Reveal()
	if len(value) < 16 {
		return ""
	}
	return value[len(value)-4:]
}

// Fingerprint returns 12 hex digits of a hash: equal for equal secrets, and of
// no help in guessing a long random one. "" for the zero Secret.
func (s Secret) Fingerprint() string {
	if s.IsZero() {
		return ""
	}
	sum := sha256.Sum256([]byte("memberpulse integration secret\x00" + s.Reveal()))
	return hex.EncodeToString(sum[:6])
}
