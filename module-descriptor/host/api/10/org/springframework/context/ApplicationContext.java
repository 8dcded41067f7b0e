package org.springframework.context;

import org.springframework.beans.factory.BeanFactory;

public interface ApplicationContext extends BeanFactory {
    String getApplicationName();
}
