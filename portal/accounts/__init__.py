"""Who works for the portal: accounts, what each may do, and their visits."""
