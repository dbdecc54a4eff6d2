package localpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// findBinaries returns a folder with initdb and postgres. want is the major
// version that an existing cluster needs, or "" for any.
func findBinaries(ctx context.Context, opts Options, want string) (string, error) {
	if opts.BinaryDir != "" {
		if !complete(opts.BinaryDir) {
			return "", fmt.Errorf("localpg: no initdb and postgres in %s", opts.BinaryDir)
		}
		return opts.BinaryDir, matches(ctx, opts.BinaryDir, want)
	}
	for _, dir := range localBinaries(filepath.Glob, os.Getenv("PATH")) {
		if complete(dir) && matches(ctx, dir, want) == nil {
			return dir, nil
		}
	}
	dir, err := download(opts, want)
	if err != nil {
		missing := "PostgreSQL"
		if want != "" {
			missing += " " + want + " (which made the data folder)"
		}
		return "", fmt.Errorf("localpg: no %s on this machine (install it, or put initdb and postgres into PATH), "+
			"and the download failed: %w", missing, err)
	}
	return dir, matches(ctx, dir, want)
}

// localBinaries lists the folders to look into, the preferred one first: PATH,
// then the places of Linux packages and Homebrew, highest version first.
func localBinaries(glob func(string) ([]string, error), path string) []string {
	dirs := filepath.SplitList(path)
	var found []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
		"/usr/pgsql-*/bin",          // Red Hat
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		hits, _ := glob(pattern) // the one error is a malformed pattern
		found = append(found, hits...)
	}
	slices.SortStableFunc(found, func(a, b string) int { return versionIn(b) - versionIn(a) })
	return append(dirs, found...)
}

// versionIn reads the major version out of ".../postgresql/15/bin" and its like.
func versionIn(dir string) int {
	name := filepath.Base(filepath.Dir(dir))
	name = name[strings.LastIndexAny(name, "@-")+1:]
	v, _ := strconv.Atoi(name)
	return v
}

func complete(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		fi, err := os.Stat(filepath.Join(dir, name))
		if err != nil || fi.IsDir() || fi.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

// matches asks the binary for its version; a cluster opens only with its own.
func matches(ctx context.Context, dir, want string) error {
	if want == "" {
		return nil
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return fmt.Errorf("localpg: postgres --version: %w", err)
	}
	if have := majorOf(string(out)); have != want {
		return fmt.Errorf("localpg: the data folder was made by PostgreSQL %s, but this is PostgreSQL %s (%s/%s)",
			want, have, runtime.GOOS, runtime.GOARCH)
	}
	return nil
}

// majorOf reads "postgres (PostgreSQL) 15.14 (Debian 15.14-0)" as "15".
func majorOf(out string) string {
	_, rest, ok := strings.Cut(out, "(PostgreSQL) ")
	if !ok {
		return ""
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return rest
	}
	return rest[:end]
}
