package localpg_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/migrations/localpg"
)

func TestReachable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() // below a folder that only we may enter
	closed := filepath.Dir(dir)
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := localpg.Reachable(dir, os.Getuid(), os.Getgid()); err != nil {
		t.Errorf("our own folder: %v", err)
	}
	const stranger = 54321
	err := localpg.Reachable(dir, stranger, stranger)
	if err == nil || !strings.Contains(err.Error(), closed) {
		t.Errorf("want an error that names %s, got %v", closed, err)
	}
	if err := os.Chmod(closed, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := localpg.Reachable(dir, stranger, stranger); err != nil {
		t.Errorf("an open folder: %v", err)
	}
}

func TestFoldersThatAreRefused(t *testing.T) {
	t.Parallel()
	full := keptFolder(t)
	if err := os.Mkdir(full, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(full, "thesis.txt")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		opts localpg.Options
		want []string
	}{
		"a file":             {localpg.Options{DataDir: file}, []string{"data folder"}},
		"somebody's folder":  {localpg.Options{DataDir: full}, []string{"data folder", full}},
		"folder of binaries": {localpg.Options{BinaryDir: full}, []string{"no initdb and postgres in", full}},
	} {
		s, err := localpg.Start(t.Context(), tc.opts)
		if err == nil {
			s.Stop()
			t.Errorf("%s: the start succeeded", name)
			continue
		}
		for _, want := range tc.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: want %q in %q", name, want, err)
			}
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "mine" {
		t.Errorf("the file of somebody else was touched: %q, %v", b, err)
	}
}

func TestDamagedFolder(t *testing.T) {
	t.Parallel()
	repo := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(repo.Close)
	opts := localpg.Options{DataDir: keptFolder(t), Repository: repo.URL, CacheDir: t.TempDir()}
	start(t, opts).Stop()
	refused := func(want string) {
		t.Helper()
		s, err := localpg.Start(t.Context(), opts)
		if err == nil {
			s.Stop()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}

	version := filepath.Join(opts.DataDir, "data", "PG_VERSION")
	genuine, err := os.ReadFile(version)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(version, []byte("7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("no PostgreSQL 7 (which made the data folder) on this machine")
	if err := os.WriteFile(version, genuine, 0o600); err != nil {
		t.Fatal(err)
	}

	if err := os.Remove(filepath.Join(opts.DataDir, "password")); err != nil {
		t.Fatal(err)
	}
	refused("the password file")
}

func TestChooseAccount(t *testing.T) {
	t.Parallel()
	known := func(names ...string) func(string) (int, int, error) {
		return func(name string) (int, int, error) {
			for i, n := range names {
				if n == name {
					return 100 + i, 100 + i, nil
				}
			}
			return 0, 0, errors.New("unknown account " + name)
		}
	}
	for _, tc := range []struct {
		euid     int
		lookup   func(string) (int, int, error)
		want     string
		switched bool
	}{
		{1000, known("postgres"), "uid 1000", false},
		{0, known("nobody", "postgres"), "postgres", true},
		{0, known("nobody"), "nobody", true},
	} {
		name, switched, err := localpg.ChooseAccount(tc.euid, tc.lookup)
		if err != nil || name != tc.want || switched != tc.switched {
			t.Errorf("euid %d: %s, %v, %v; want %s", tc.euid, name, switched, err, tc.want)
		}
	}
	if _, _, err := localpg.ChooseAccount(0, known()); err == nil || !strings.Contains(err.Error(), "does not run as root") {
		t.Errorf("root without an account to switch to: %v", err)
	}
}
