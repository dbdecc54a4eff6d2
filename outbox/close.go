package outbox

import "context"

// Close stops claiming, gives calls in flight up to Config.CloseGrace, settles
// them and gives the leases back. A lease whose calls did not return is left to
// expire. Recording goes on working. It is safe twice and without Subscribe; it
// returns early with ctx's error, while the rest goes on in the background.
func (o *Outbox) Close(ctx context.Context) error {
	o.mu.Lock()
	o.closed = true
	for sub := range o.subs {
		sub.stop()
	}
	o.mu.Unlock()
	done := make(chan struct{})
	go func() {
		o.wg.Wait()
		o.gate.close()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
