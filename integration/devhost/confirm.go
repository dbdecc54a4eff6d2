package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
)

var errDeclined = errors.New("the real HubSpot was not confirmed, so nothing was started")

// confirm asks a person to name the real portal.
func confirm(in io.Reader, out io.Writer, portalID string) error {
	fmt.Fprintf(out, "This connects the REAL HubSpot portal %s at %s.\n"+
		"Members that you add here become contacts there. No member is invented.\n"+
		"Type the portal id to go on: ", portalID, realURL)
	line, err := bufio.NewReader(io.LimitReader(in, 1024)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimSpace(line) != portalID {
		return errDeclined
	}
	return nil
}

// noInventedMembers refuses a database whose members do not exist: they would
// become contacts of a real company.
func noInventedMembers(ctx context.Context, people *clients.Module) error {
	all, err := people.List(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Seeded {
			return errors.New("this database holds invented members, and -real-hubspot sends none of them: use another database")
		}
	}
	return nil
}
