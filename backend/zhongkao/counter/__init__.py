"""The exam office's counter: candidates' phones, stored and changed; its doors."""
