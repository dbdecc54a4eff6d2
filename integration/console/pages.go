package console

func (c *Console) loadPages() error { return nil }
func (c *Console) routePages()      {}
