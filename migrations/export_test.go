package migrations

import (
	"context"
	"io/fs"

	"github.com/uptrace/bun"
)

// Run is Migrate with files of the test's choice.
func Run(ctx context.Context, db *bun.DB, opts Options, set fs.FS) error {
	return run(ctx, db, opts, set)
}
