package localpg_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/migrations/localpg"
)

func TestLocalBinaries(t *testing.T) {
	t.Parallel()
	glob := func(pattern string) ([]string, error) {
		switch {
		case strings.HasPrefix(pattern, "/usr/lib/postgresql"):
			return []string{"/usr/lib/postgresql/9/bin", "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/14/bin"}, nil
		case strings.HasPrefix(pattern, "/opt/homebrew"):
			return []string{"/opt/homebrew/opt/postgresql@16/bin"}, nil
		}
		return nil, nil
	}
	got := localpg.LocalBinaries(glob, "/mine/bin")
	want := []string{"/mine/bin", "/opt/homebrew/opt/postgresql@16/bin", "/usr/lib/postgresql/15/bin",
		"/usr/lib/postgresql/14/bin", "/usr/lib/postgresql/9/bin"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMajorOf(t *testing.T) {
	t.Parallel()
	for out, want := range map[string]string{
		"postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n": "15",
		"postgres (PostgreSQL) 18beta1\n":                        "18",
		"postgres (PostgreSQL) 17":                               "17",
		"something else":                                         "",
	} {
		if got := localpg.MajorOf(out); got != want {
			t.Errorf("%q: got %q, want %q", out, got, want)
		}
	}
}

func TestDownloadRefused(t *testing.T) {
	t.Parallel()
	repo := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(repo.Close)
	opts := localpg.Options{Repository: repo.URL, CacheDir: t.TempDir()}
	if _, err := localpg.Download(opts, "17"); err == nil {
		t.Error("a download that was not found succeeded")
	}
	if _, err := localpg.Download(opts, "8"); err == nil || !strings.Contains(err.Error(), "PostgreSQL 8") {
		t.Errorf("a version that nobody publishes: %v", err)
	}
	left, err := os.ReadDir(opts.CacheDir)
	if err != nil || len(left) != 0 {
		t.Errorf("a failed download left %v, %v", left, err)
	}
}

func TestDownload(t *testing.T) {
	t.Parallel()
	archive, err := base64.StdEncoding.DecodeString(tinyArchive)
	if err != nil {
		t.Fatal(err)
	}
	var jar bytes.Buffer
	zw := zip.NewWriter(&jar)
	w, err := zw.Create("postgres-any.txz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(archive); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	repo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, ".jar") {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(jar.Bytes())
	}))
	t.Cleanup(repo.Close)
	opts := localpg.Options{Repository: repo.URL, CacheDir: t.TempDir()}

	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			bin, err := localpg.Download(opts, "")
			if err != nil {
				t.Error(err)
				return
			}
			for _, name := range []string{"initdb", "postgres"} {
				fi, err := os.Stat(filepath.Join(bin, name))
				if err != nil || fi.Mode()&0o111 == 0 {
					t.Errorf("%s: %v, %v", name, fi, err)
				}
			}
		})
	}
	wg.Wait()

	repo.Close() // a second use needs no network
	if _, err := localpg.Download(opts, ""); err != nil {
		t.Errorf("from the cache: %v", err)
	}
}

// tinyArchive is a tar.xz of three shell scripts, bin/initdb, bin/postgres and
// bin/pg_ctl, that all do "exit 1".
const tinyArchive = "" +
	"/Td6WFoAAAFpIt42AgAhARwAAAAQz1jM4Cf/AIldADEaShsO1TDyWxuE7yh9tnRTrysNXAd5TfTfWwfdwef/WUnA838q9KJRWlPC" +
	"tRjvCmjgNu26KQep13uPt+pPZt6WTjQspxnzdxJH1KctFaf5xkPmf326+Mz4cZzeiMaV5ZqYnE00gt+GktUdEOUS3rzgwF2JtYk3" +
	"eeRp9Chs+rvznDlJiVNT4VIAAAAAALUhlCQAAaEBgFAAAK2nkK0+MA2LAgAAAAABWVo="
