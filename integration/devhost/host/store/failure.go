package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/uptrace/bun/driver/pgdriver"
)

// Down reports whether err means that the database does not answer now, so that
// the same request may succeed later. An error that the database itself gives
// about a statement is not one, unless it says that it is starting, stopping or
// full.
func Down(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	var pg pgdriver.Error
	if errors.As(err, &pg) {
		// https://www.postgresql.org/docs/current/errcodes-appendix.html:
		// 08 connection, 53 resources, 57P shutdown, 3D000 no such database (being restored).
		code := pg.Field('C')
		return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "53") ||
			strings.HasPrefix(code, "57P") || code == "3D000"
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Violates returns the name of the unique index that a statement ran against,
// "" for any other error.
func Violates(err error) string {
	var pg pgdriver.Error
	if errors.As(err, &pg) && pg.Field('C') == "23505" {
		return pg.Field('n')
	}
	return ""
}

// Refers reports whether a statement was refused because it refers to a row
// that does not exist.
func Refers(err error) bool {
	var pg pgdriver.Error
	return errors.As(err, &pg) && pg.Field('C') == "23503"
}
