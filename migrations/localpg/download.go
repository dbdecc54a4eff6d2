package localpg

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// release is what can be downloaded for a major version; "" is our choice.
func release(major string) (version embeddedpostgres.PostgresVersion, ok bool) {
	switch major {
	case "14":
		return embeddedpostgres.V14, true
	case "15":
		return embeddedpostgres.V15, true
	case "16":
		return embeddedpostgres.V16, true
	case "17", "":
		return embeddedpostgres.V17, true
	case "18":
		return embeddedpostgres.V18, true
	}
	return "", false
}

// download fetches PostgreSQL once and returns its bin folder. Several
// processes may do so at the same time; each unpacks for itself and the first
// rename wins.
//
// The library has no call that only unpacks. It unpacks on its way to a server,
// so we point it at a data folder that says PG_VERSION and nothing else: it
// unpacks, starts nothing, and returns an error that says so.
func download(opts Options, major string) (string, error) {
	version, ok := release(major)
	if !ok {
		return "", fmt.Errorf("there is no PostgreSQL %s to download", major)
	}
	cache, err := cacheDir(opts.CacheDir)
	if err != nil {
		return "", err
	}
	final := filepath.Join(cache, "postgres-"+string(version))
	if bin := filepath.Join(final, "bin"); complete(bin) {
		return bin, nil
	}
	work, err := os.MkdirTemp(cache, "unpack-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	if err := os.Chmod(work, 0o755); err != nil {
		return "", err
	}
	empty := filepath.Join(work, "no-cluster")
	if err := os.Mkdir(empty, 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(empty, "PG_VERSION"), []byte(version), 0o600); err != nil {
		return "", err
	}
	unpacked := filepath.Join(work, "postgres")
	cfg := embeddedpostgres.DefaultConfig().Version(version).Port(0).
		CachePath(cache).BinariesPath(unpacked).RuntimePath(filepath.Join(work, "run")).
		DataPath(empty).Logger(io.Discard)
	if opts.Repository != "" {
		cfg = cfg.BinaryRepositoryURL(opts.Repository)
	}
	unpackErr := embeddedpostgres.NewDatabase(cfg).Start()
	if !complete(filepath.Join(unpacked, "bin")) {
		if unpackErr == nil {
			unpackErr = errors.New("the archive holds no initdb and postgres")
		}
		return "", unpackErr
	}
	if err := os.Rename(unpacked, final); err != nil && !complete(filepath.Join(final, "bin")) {
		return "", err
	}
	return filepath.Join(final, "bin"), nil
}

// cacheDir must be executable for the account that the server runs as, so root
// does not use its private home.
func cacheDir(dir string) (string, error) {
	if dir == "" {
		dir = "/var/cache/hubspotplugin-postgres"
		if os.Geteuid() != 0 {
			user, err := os.UserCacheDir()
			if err != nil {
				return "", err
			}
			dir = filepath.Join(user, "hubspotplugin-postgres")
		}
	}
	return dir, os.MkdirAll(dir, 0o755)
}
