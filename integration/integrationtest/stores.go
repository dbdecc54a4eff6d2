package integrationtest

import (
	"context"
	"database/sql"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Two tenants and two integrations that have nothing to do with each other.
const (
	tenantA = "7d1f6c1e-5a0b-4c57-9f2e-0d6a4b1c2e3f"
	tenantB = "e0c9a7b4-1111-4222-8333-944445555666"

	pluginA integration.ID = "crm-one"
	pluginB integration.ID = "crm-two"
)

// beginFunc is the Begin of the harnesses.
type beginFunc func(ctx context.Context) (*sql.Tx, error)

// within runs fn in a transaction, nil if there are none, and commits it if fn
// succeeds. It returns the error of fn; trouble with the transaction itself is
// fatal.
func (begin beginFunc) within(t testing.TB, fn func(tx *sql.Tx) error) error {
	t.Helper()
	if begin == nil {
		return fn(nil)
	}
	tx, err := begin(t.Context())
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	if err := fn(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		t.Fatalf("commit: %v", err)
	}
	return nil
}

// undone runs fn in a transaction that is rolled back. before runs while the
// transaction is still open.
func (begin beginFunc) undone(t testing.TB, fn func(tx *sql.Tx) error, before func()) {
	t.Helper()
	tx, err := begin(t.Context())
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	err = fn(tx)
	if err == nil && before != nil {
		before()
	}
	if rollbackErr := tx.Rollback(); rollbackErr != nil {
		t.Fatalf("rollback: %v", rollbackErr)
	}
	if err != nil {
		t.Fatalf("in a transaction: %v", err)
	}
}
