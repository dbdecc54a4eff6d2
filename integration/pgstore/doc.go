// Package pgstore keeps settings, secrets and the audit log of every
// integration in the host's PostgreSQL. It implements the ports of package
// integration; a host that has stores of its own leaves it out.
//
// Secrets are stored as ciphertext only, sealed by an AEAD under a key that the
// host holds outside of the database. A copy of the database without that key
// tells nobody a secret; the key without the database is as useless.
//
// The tables come from package migrations.
package pgstore

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Options configures the stores. The zero value is fine.
type Options struct {
	// Schema is where package migrations put the tables. Empty means "public".
	Schema string
	// Now is the clock of every time that is stored. Nil means time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Schema == "" {
		o.Schema = "public"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// now is the current time as PostgreSQL keeps it: microseconds, UTC.
func (o Options) now() time.Time { return stamp(o.Now()) }

func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

var (
	_ integration.SettingsStore = (*Settings)(nil)
	_ integration.AuditLog      = (*Audit)(nil)
	_ integration.Sealer        = (*Sealer)(nil)
)

var uuidText = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// canonical returns clientID in the form that rows and seals use.
func canonical(clientID string) (string, error) {
	id := strings.ToLower(clientID)
	if !uuidText.MatchString(id) {
		return "", fmt.Errorf("pgstore: the client id is not a UUID in text form")
	}
	return id, nil
}

// storable removes what PostgreSQL refuses in a text, and cuts it to max bytes:
// a strange User-Agent must not make a request fail.
func storable(s string, max int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
	if len(s) > max {
		s = strings.ToValidUTF8(s[:max], "")
	}
	return s
}
